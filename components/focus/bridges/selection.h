// Which bridge carries a participant (protocol/focus.md §6.2, strategy "single": one bridge a conference).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "focus/bridges/bridge.h"

namespace cloister::focus::bridges {

struct Wish {
  std::string region{};                // of the participant; empty: unknown
  std::optional<xmpp::Jid> current{};  // the conference's bridge, if it has one
};

// The conference's own bridge as long as it works; else, among those that work and are not shutting down,
// first those that neither drain nor end gracefully, then those of the region, then the least loaded.
const Bridge* select_bridge(std::span<const Bridge* const> bridges, const Wish& wish, TimePoint now);

}  // namespace cloister::focus::bridges
