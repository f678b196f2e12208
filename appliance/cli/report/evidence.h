// What ties a sentence to the machine: something that was looked at, and whether it bears the sentence out.
#pragma once

#include <cstdint>
#include <string>

#include "audit/probes/system/system.h"
#include "cli/machine/installation.h"

namespace cloister::cli::report {

struct Evidence {
  enum class Verdict : std::uint8_t { holds, contradicted, unknown };
  Verdict verdict = Verdict::holds;
  std::string seen;  // where, and what
};

inline Evidence holds(std::string seen) { return {Evidence::Verdict::holds, std::move(seen)}; }
inline Evidence contradicted(std::string seen) { return {Evidence::Verdict::contradicted, std::move(seen)}; }
inline Evidence unknown(std::string why) { return {Evidence::Verdict::unknown, std::move(why)}; }

struct Subject {
  const machine::Installation& installation;
  const audit::probes::System& system;
};

// Each answers for the sentence of the same name (sentences.cpp).
Evidence web_server_writes_no_log(const Subject& subject);
Evidence xmpp_server_writes_no_log(const Subject& subject);
Evidence relay_writes_no_log(const Subject& subject);
Evidence journal_is_volatile(const Subject& subject);
Evidence rooms_live_in_memory(const Subject& subject);
Evidence chat_is_not_kept(const Subject& subject);
Evidence nothing_is_recorded(const Subject& subject);
Evidence memory_reaches_no_disk(const Subject& subject);
Evidence crashes_leave_nothing(const Subject& subject);
Evidence nobody_else_is_asked(const Subject& subject);
Evidence addresses_are_not_shown(const Subject& subject);
Evidence connections_are_encrypted(const Subject& subject);
Evidence accounts_are_sealed(const Subject& subject);
Evidence vanished_are_forgotten(const Subject& subject);
Evidence bans_end(const Subject& subject);
Evidence firewall_is_closed(const Subject& subject);
Evidence updates_come_by_themselves(const Subject& subject);

}  // namespace cloister::cli::report
