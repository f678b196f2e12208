// Which bridge carries a participant (protocol/focus.md §6.2).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "focus/bridges/bridge.h"
#include "focus/bridges/settings.h"

namespace cloister::focus::bridges {

// A bridge that carries part of the conference already.
struct Used {
  xmpp::Jid bridge{};
  std::size_t participants = 0;  // of this conference
};

struct Wish {
  std::string region{};      // of the participant; empty: unknown
  std::vector<Used> used{};  // the first one first; those that work no longer do not belong here
};

// Among the bridges that work and are not shutting down. A conference that may not spread stays where it is;
// else those of another version drop out, then the draining and those that end gracefully if there are
// others, and the strategy chooses among the rest. Null: none.
const Bridge* select_bridge(std::span<const Bridge* const> bridges, const Wish& wish,
                            const SelectionSettings& settings, TimePoint now);

}  // namespace cloister::focus::bridges
