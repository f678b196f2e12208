#include "focus/bridges/bridge_list.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/log.h"

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
  const bool was_ill = entry->bridge.says_ill();
  entry->heard = clock_.now();
  entry->bridge.on_stats(presence.stats);
  plan_relief(*entry);
  if (entry->bridge.shutting_down() && !was_shutting_down) port_.on_bridge_lost(presence.occupant);
  if (settings_.health_by_presence && entry->bridge.says_ill()) {
    if (!was_ill) return fail(presence.occupant, *entry);
    mark_failed(*entry);  // still
  }
}

void BridgeList::add(const xmpp::MucPresence& presence) {
  if (bridges_.size() >= kMaxBridges) return;
  Entry entry{.bridge = Bridge(presence.occupant),
              .health = HealthSchedule(clock_.now()),
              .real_jid = presence.real_jid,
              .heard = clock_.now()};
  entry.bridge.on_stats(presence.stats);
  plan_relief(entry);
  if (settings_.health_by_presence && entry.bridge.says_ill()) mark_failed(entry);
  const bool usable = entry.bridge.operational(clock_.now()) && !entry.bridge.shutting_down();
  bridges_.emplace(presence.occupant, std::move(entry));
  if (usable) port_.on_bridge_available();
}

void BridgeList::remove(const xmpp::Jid& bridge) {
  const auto found = bridges_.find(bridge);
  if (found == bridges_.end()) return;
  const bool announced = found->second.bridge.shutting_down();
  bridges_.erase(found);
  if (announced) return;
  log::warning("a bridge left without a word");
  lost_.add();
  port_.on_bridge_lost(bridge);
}

void BridgeList::on_health(const xmpp::Jid& bridge, Health health) {
  Entry* const entry = find(bridge);
  if (!entry) return;
  const Verdict verdict = entry->health.on_answer(health, clock_.now());
  if (verdict == Verdict::unreachable) mark_failed(*entry);
  if (verdict == Verdict::failed) fail(bridge, *entry);
}

void BridgeList::fail(const xmpp::Jid& bridge, Entry& entry) {
  mark_failed(entry);
  port_.on_bridge_lost(bridge);
}

std::optional<xmpp::Jid> BridgeList::select(const Wish& wish) const {
  std::vector<const Bridge*> all;
  for (const auto& [jid, entry] : bridges_) all.push_back(&entry.bridge);
  const Bridge* const best = select_bridge(all, wish, settings_.selection, clock_.now());
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

std::string BridgeList::relay_id_of(const xmpp::Jid& bridge) const {
  const auto found = bridges_.find(bridge);
  return found == bridges_.end() ? std::string{} : found->second.bridge.relay_id();
}

void BridgeList::on_endpoint_added(const xmpp::Jid& bridge) {
  if (Entry* const entry = find(bridge)) entry->bridge.on_endpoint_added(clock_.now());
}

void BridgeList::mark_failed(const xmpp::Jid& bridge) {
  if (Entry* const entry = find(bridge)) mark_failed(*entry);
}

void BridgeList::mark_failed(Entry& entry) {
  if (entry.bridge.operational(clock_.now())) log::warning("a bridge failed; it is avoided for a minute");
  entry.bridge.mark_failed(clock_.now());
  entry.usable_again = entry.bridge.failed_until();
}

void BridgeList::mark_graceful(const xmpp::Jid& bridge) {
  if (Entry* const entry = find(bridge)) entry->bridge.mark_graceful();
}

// Time

std::optional<TimePoint> BridgeList::next_wakeup() const {
  std::optional<TimePoint> next;
  for (const auto& [jid, entry] : bridges_)
    next = earlier(next, earlier(health_wakeup(entry), earlier(entry.usable_again, entry.relief)));
  return next;
}

void BridgeList::on_wakeup() {
  const TimePoint now = clock_.now();
  bool available = false;
  for (auto& [jid, entry] : bridges_) {
    watch_health(jid, entry);
    relieve(jid, entry);
    if (entry.usable_again && *entry.usable_again <= now) {
      entry.usable_again.reset();
      available |= !entry.bridge.shutting_down();
    }
  }
  if (available) port_.on_bridge_available();
}

std::optional<TimePoint> BridgeList::health_wakeup(const Entry& entry) const {
  return settings_.health_by_presence ? entry.heard + kPresenceTimeout : entry.health.next_wakeup();
}

void BridgeList::watch_health(const xmpp::Jid& bridge, Entry& entry) {
  const auto due = health_wakeup(entry);
  if (!due || *due > clock_.now()) return;
  if (settings_.health_by_presence) {
    entry.heard = clock_.now();  // so silent for another such time, it fails again
    return fail(bridge, entry);
  }
  entry.health.on_asked();
  port_.check_health(bridge);
}

// Relief: conferences move away from where they should not or need not be.

void BridgeList::plan_relief(Entry& entry) {
  const TimePoint now = clock_.now();
  const bool empty_it = settings_.leave_draining && entry.bridge.retiring();
  const bool relieve_it = settings_.relieve_from > 0 && entry.bridge.stress(now) >= settings_.relieve_from;
  if (!empty_it && !relieve_it)
    entry.relief.reset();
  else if (!entry.relief)
    entry.relief = now + kEmptyingStep;
}

void BridgeList::relieve(const xmpp::Jid& bridge, Entry& entry) {
  const TimePoint now = clock_.now();
  if (!entry.relief || *entry.relief > now) return;
  const bool moved = has_room_beside(bridge) && port_.relieve(bridge);
  if (!moved)
    entry.relief = now + kLookAgain;
  else
    entry.relief = now + (entry.bridge.retiring() ? kEmptyingStep : kRelievingStep);
}

bool BridgeList::has_room_beside(const xmpp::Jid& bridge) const {
  const TimePoint now = clock_.now();
  return std::ranges::any_of(bridges_, [&](const auto& item) {
    const Bridge& other = item.second.bridge;
    return item.first != bridge && usable(item.first) && !other.draining() && !other.graceful() &&
           other.stress(now) < settings_.selection.full_from;
  });
}

// Figures

std::size_t BridgeList::operational() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(bridges_, [this](const auto& entry) { return usable(entry.first); }));
}

std::size_t BridgeList::in_shutdown() const {
  return static_cast<std::size_t>(std::ranges::count_if(bridges_, [](const auto& entry) {
    return entry.second.bridge.shutting_down() || entry.second.bridge.graceful();
  }));
}

std::size_t BridgeList::versions() const {
  std::set<std::string> all;
  for (const auto& [jid, entry] : bridges_) all.insert(entry.bridge.version());
  return all.size();
}

BridgeList::Entry* BridgeList::find(const xmpp::Jid& bridge) {
  const auto found = bridges_.find(bridge);
  return found == bridges_.end() ? nullptr : &found->second;
}

}  // namespace cloister::focus::bridges
