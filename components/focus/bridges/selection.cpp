#include "focus/bridges/selection.h"

#include <algorithm>
#include <tuple>

namespace cloister::focus::bridges {

const Bridge* select_bridge(std::span<const Bridge* const> bridges, const Wish& wish, TimePoint now) {
  const auto usable = [now](const Bridge* bridge) {
    return bridge->operational(now) && !bridge->shutting_down();
  };
  // Smaller is better; the address at the end makes the choice repeatable.
  const auto rank = [&](const Bridge* bridge) {
    return std::tuple(wish.current != bridge->occupant(), bridge->graceful(), bridge->draining(),
                      !wish.region.empty() && bridge->region() != wish.region, bridge->stress(now),
                      std::string_view(bridge->occupant().text_for_wire()));
  };
  const Bridge* best = nullptr;
  for (const Bridge* bridge : bridges)
    if (usable(bridge) && (!best || rank(bridge) < rank(best))) best = bridge;
  return best;
}

}  // namespace cloister::focus::bridges
