// What the firewall's commands print: for people, or as JSON for programs. Totals and rules only: who is
// banned is nowhere in it.
#pragma once

#include <optional>
#include <ostream>
#include <vector>

#include "firewall/policy/plan.h"
#include "firewall/protocol/request.h"

namespace cloister::cli::firewall {

namespace policy = cloister::firewall::policy;
namespace protocol = cloister::firewall::protocol;

enum class Format : std::uint8_t { text, json };

void report_rules(std::ostream& out, Format format, const std::optional<policy::Ruleset>& rules);
void report_plan(std::ostream& out, Format format, const std::vector<policy::Difference>& plan);
void report_status(std::ostream& out, Format format, const protocol::Status& status);
// Why the guard did not do it, in a sentence.
std::string in_words(const protocol::Answer& answer);

}  // namespace cloister::cli::firewall
