#include "focus/bridges/bridge_list.h"

#include <algorithm>
#include <vector>

namespace cloister::focus::bridges {

void BridgeList::on_presence(const xmpp::MucPresence& presence) {
  if (!presence.available) return remove(presence.occupant);
  if (presence.stats.empty()) return;
  Entry* entry = find(presence.occupant);
  // Another session under the same nick: the bridge was restarted, what it carried is gone.
  if (entry && entry->real_jid && presence.real_jid && *entry->real_jid != *presence.real_jid) {
    remove(presence.occupant);
    entry = nullptr;
  }
  if (!entry) return add(presence);
  const bool was_shutting_down = entry->bridge.shutting_down();
  entry->bridge.on_stats(presence.stats);
  if (entry->bridge.shutting_down() && !was_shutting_down) port_.on_bridge_lost(presence.occupant);
}

void BridgeList::add(const xmpp::MucPresence& presence) {
  if (bridges_.size() >= kMaxBridges) return;
  Entry entry{Bridge(presence.occupant), HealthSchedule(clock_.now()), presence.real_jid, {}};
  entry.bridge.on_stats(presence.stats);
  const bool usable = !entry.bridge.shutting_down();
  bridges_.emplace(presence.occupant, std::move(entry));
  if (usable) port_.on_bridge_available();
}

void BridgeList::remove(const xmpp::Jid& bridge) {
  const auto found = bridges_.find(bridge);
  if (found == bridges_.end()) return;
  const bool announced = found->second.bridge.shutting_down();
  bridges_.erase(found);
  if (announced) return;
  lost_.add();
  port_.on_bridge_lost(bridge);
}

void BridgeList::on_health(const xmpp::Jid& bridge, Health health) {
  Entry* const entry = find(bridge);
  if (!entry) return;
  const Verdict verdict = entry->health.on_answer(health, clock_.now());
  if (verdict == Verdict::none) return;
  mark_failed(*entry);
  if (verdict == Verdict::failed) port_.on_bridge_lost(bridge);
}

std::optional<xmpp::Jid> BridgeList::select(const Wish& wish) const {
  std::vector<const Bridge*> all;
  for (const auto& [jid, entry] : bridges_) all.push_back(&entry.bridge);
  const Bridge* const best = select_bridge(all, wish, clock_.now());
  return best ? std::optional(best->occupant()) : std::nullopt;
}

bool BridgeList::usable(const xmpp::Jid& bridge) const {
  const auto found = bridges_.find(bridge);
  return found != bridges_.end() && found->second.bridge.operational(clock_.now()) &&
         !found->second.bridge.shutting_down();
}

std::string BridgeList::region_of(const xmpp::Jid& bridge) const {
  const auto found = bridges_.find(bridge);
  return found == bridges_.end() ? std::string{} : found->second.bridge.region();
}

void BridgeList::on_endpoint_added(const xmpp::Jid& bridge) {
  if (Entry* const entry = find(bridge)) entry->bridge.on_endpoint_added(clock_.now());
}

void BridgeList::mark_failed(const xmpp::Jid& bridge) {
  if (Entry* const entry = find(bridge)) mark_failed(*entry);
}

void BridgeList::mark_failed(Entry& entry) {
  entry.bridge.mark_failed(clock_.now());
  entry.usable_again = entry.bridge.failed_until();
}

void BridgeList::mark_graceful(const xmpp::Jid& bridge) {
  if (Entry* const entry = find(bridge)) entry->bridge.mark_graceful();
}

std::optional<TimePoint> BridgeList::next_wakeup() const {
  std::optional<TimePoint> next;
  for (const auto& [jid, entry] : bridges_)
    next = earlier(next, earlier(entry.health.next_wakeup(), entry.usable_again));
  return next;
}

void BridgeList::on_wakeup() {
  const TimePoint now = clock_.now();
  bool available = false;
  for (auto& [jid, entry] : bridges_) {
    if (entry.health.due(now)) {
      entry.health.on_asked();
      port_.check_health(jid);
    }
    if (entry.usable_again && *entry.usable_again <= now) {
      entry.usable_again.reset();
      available |= !entry.bridge.shutting_down();
    }
  }
  if (available) port_.on_bridge_available();
}

std::size_t BridgeList::operational() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(bridges_, [this](const auto& entry) { return usable(entry.first); }));
}

std::size_t BridgeList::in_shutdown() const {
  return static_cast<std::size_t>(std::ranges::count_if(bridges_, [](const auto& entry) {
    return entry.second.bridge.shutting_down() || entry.second.bridge.graceful();
  }));
}

BridgeList::Entry* BridgeList::find(const xmpp::Jid& bridge) {
  const auto found = bridges_.find(bridge);
  return found == bridges_.end() ? nullptr : &found->second;
}

}  // namespace cloister::focus::bridges
