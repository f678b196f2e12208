#include "focus/bridges/selection.h"

#include <algorithm>
#include <functional>
#include <tuple>

namespace cloister::focus::bridges {
namespace {

using Candidates = std::vector<const Bridge*>;
using Condition = std::function<bool(const Bridge&)>;

const Bridge* find(const Candidates& bridges, const xmpp::Jid& occupant) {
  const auto found = std::ranges::find(bridges, occupant, &Bridge::occupant);
  return found == bridges.end() ? nullptr : *found;
}

// Keeps only those, if there are any.
void prefer(Candidates& bridges, const Condition& condition) {
  if (std::ranges::any_of(bridges, [&](const Bridge* bridge) { return condition(*bridge); }))
    std::erase_if(bridges, [&](const Bridge* bridge) { return !condition(*bridge); });
}

// Answers one question: what lies near, what is full, for this wish at this time.
class Chooser {
public:
  Chooser(const Candidates& sorted, const Wish& wish, const SelectionSettings& settings, TimePoint now)
      : bridges_(sorted), wish_(wish), settings_(settings), now_(now), region_(region_of_wish()) {}

  const Bridge* single() const {
    if (const Bridge* near = first([this](const Bridge& bridge) { return in_region(bridge); })) return near;
    return first([](const Bridge&) { return true; });
  }

  const Bridge* region_based() const {
    const auto room = [this](const Bridge& bridge) { return !full(bridge); };
    const std::vector<Condition> wishes{
        [&](const Bridge& bridge) { return room(bridge) && is_used(bridge) && in_region(bridge); },
        [&](const Bridge& bridge) { return room(bridge) && is_used(bridge) && nearby(bridge); },
        [&](const Bridge& bridge) { return room(bridge) && in_region(bridge); },
        [&](const Bridge& bridge) { return room(bridge) && nearby(bridge); },
        [&](const Bridge& bridge) { return room(bridge) && is_used(bridge); },
        room,
        [&](const Bridge& bridge) {
          return is_used(bridge) && participants(bridge) < settings_.max_participants;
        },
        [](const Bridge&) { return true; }};
    for (const Condition& wish : wishes)
      if (const Bridge* const found = first(wish)) return found;
    return nullptr;
  }

private:
  // The least loaded one comes first.
  const Bridge* first(const Condition& condition) const {
    const auto found =
        std::ranges::find_if(bridges_, [&](const Bridge* bridge) { return condition(*bridge); });
    return found == bridges_.end() ? nullptr : *found;
  }
  std::size_t participants(const Bridge& bridge) const {
    const auto found = std::ranges::find(wish_.used, bridge.occupant(), &Used::bridge);
    return found == wish_.used.end() ? 0 : found->participants;
  }
  bool is_used(const Bridge& bridge) const {
    return std::ranges::find(wish_.used, bridge.occupant(), &Used::bridge) != wish_.used.end();
  }
  bool full(const Bridge& bridge) const {
    return bridge.stress(now_) >= settings_.full_from || participants(bridge) >= settings_.max_participants;
  }
  bool in_region(const Bridge& bridge) const { return !region_.empty() && bridge.region() == region_; }
  bool nearby(const Bridge& bridge) const { return in_one_group(bridge.region(), region_); }

  bool in_one_group(const std::string& a, const std::string& b) const {
    const auto holds = [](const std::vector<std::string>& group, const std::string& region) {
      return std::ranges::find(group, region) != group.end();
    };
    return std::ranges::any_of(settings_.region_groups,
                               [&](const auto& group) { return holds(group, a) && holds(group, b); });
  }
  // Whoever comes first is taken to be where the focus is, if that is near or nothing is nearer.
  std::string region_of_wish() const {
    const std::string& local = settings_.local_region;
    if (local.empty() || !wish_.used.empty()) return wish_.region;
    const bool has_bridge = std::ranges::find(bridges_, wish_.region, [](const Bridge* bridge) {
                              return bridge->region();
                            }) != bridges_.end();
    return in_one_group(local, wish_.region) || !has_bridge ? local : wish_.region;
  }

  const Candidates& bridges_;
  const Wish& wish_;
  const SelectionSettings& settings_;
  const TimePoint now_;
  const std::string region_;
};

}  // namespace

const Bridge* select_bridge(std::span<const Bridge* const> bridges, const Wish& wish,
                            const SelectionSettings& settings, TimePoint now) {
  Candidates candidates;
  for (const Bridge* bridge : bridges)
    if (bridge->operational(now) && !bridge->shutting_down()) candidates.push_back(bridge);
  const Bridge* const home = wish.used.empty() ? nullptr : find(candidates, wish.used.front().bridge);
  if (home && (!settings.several_bridges || home->relay_id().empty())) return home;
  if (home) std::erase_if(candidates, [](const Bridge* one) { return one->relay_id().empty(); });
  if (home && !settings.mixed_versions)
    std::erase_if(candidates, [home](const Bridge* one) { return one->version() != home->version(); });
  prefer(candidates, [](const Bridge& bridge) { return !bridge.draining(); });
  prefer(candidates, [](const Bridge& bridge) { return !bridge.graceful(); });
  // The address at the end makes the choice repeatable.
  std::ranges::sort(candidates, {}, [now](const Bridge* bridge) {
    return std::tuple(bridge->graceful(), bridge->stress(now),
                      std::string_view(bridge->occupant().text_for_wire()));
  });
  const Chooser chooser(candidates, wish, settings, now);
  // Where a conference spreads, it does so because a bridge is full or far.
  return settings.strategy == Strategy::single && !home ? chooser.single() : chooser.region_based();
}

}  // namespace cloister::focus::bridges
