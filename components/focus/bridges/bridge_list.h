// The bridges of the brewery room: who is there, who may be chosen, who is well. Focus thread.
// Owns no timer: the owner asks next_wakeup() and calls on_wakeup() when that is due.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/metrics.h"
#include "focus/bridges/bridge.h"
#include "focus/bridges/health_schedule.h"
#include "focus/bridges/selection.h"
#include "xmpp/muc.h"

namespace cloister::focus::bridges {

class BridgeList {
public:
  struct Port {
    virtual ~Port() = default;
    // Ask the bridge; the answer comes to on_health(). Not from inside this call.
    virtual void check_health(const xmpp::Jid& bridge) = 0;
    // A bridge came, or one that had failed may be chosen again.
    virtual void on_bridge_available() = 0;
    // It left, was restarted, shuts down, or is ill: its conferences move. May call select() and mark_…().
    virtual void on_bridge_lost(const xmpp::Jid& bridge) = 0;
    // It is to be emptied or relieved, and another one has room: one conference moves. False: it has none.
    virtual bool relieve(const xmpp::Jid& bridge) = 0;
  };
  static constexpr std::size_t kMaxBridges = 1000;
  static constexpr Duration kPresenceTimeout = 45s;  // where health is told by presence
  // A bridge that is to be emptied gives away a conference a second; one that has none is looked at again.
  static constexpr Duration kEmptyingStep = 1s;
  static constexpr Duration kLookAgain = 10s;
  static constexpr Duration kRelievingStep =
      180s;  // one that has too much: for its load to show the difference

  BridgeList(const Clock& clock, Port& port, BridgeSettings settings = {})
      : clock_(clock), port_(port), settings_(std::move(settings)) {}

  // From the brewery room; occupants without statistics are not bridges.
  void on_presence(const xmpp::MucPresence& presence);
  // The room was lost. Says nothing to the port: whoever lost the room has lost the conferences as well.
  void clear() { bridges_.clear(); }
  void on_health(const xmpp::Jid& bridge, Health health);

  std::optional<xmpp::Jid> select(const Wish& wish) const;
  // Present, working and not shutting down.
  bool usable(const xmpp::Jid& bridge) const;
  std::string region_of(const xmpp::Jid& bridge) const;    // empty: unknown
  std::string relay_id_of(const xmpp::Jid& bridge) const;  // empty: it does not relay
  void on_endpoint_added(const xmpp::Jid& bridge);
  // After a failed allocation: not chosen for Bridge::kFailureMemory. Its other conferences stay.
  void mark_failed(const xmpp::Jid& bridge);
  void mark_graceful(const xmpp::Jid& bridge);

  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup();

  std::size_t size() const { return bridges_.size(); }
  std::size_t operational() const;
  std::size_t in_shutdown() const;
  std::size_t versions() const;                         // different ones
  std::uint64_t lost() const { return lost_.value(); }  // left without saying so before

private:
  struct Entry {
    Bridge bridge;
    HealthSchedule health;
    std::optional<xmpp::Jid> real_jid;
    std::optional<TimePoint> usable_again{};  // to be announced then
    TimePoint heard{};                        // its last presence
    std::optional<TimePoint> relief{};        // to be emptied or relieved then
  };
  Entry* find(const xmpp::Jid& bridge);
  void add(const xmpp::MucPresence& presence);
  void remove(const xmpp::Jid& bridge);
  void mark_failed(Entry& entry);
  void fail(const xmpp::Jid& bridge, Entry& entry);
  void plan_relief(Entry& entry);
  void relieve(const xmpp::Jid& bridge, Entry& entry);
  bool has_room_beside(const xmpp::Jid& bridge) const;
  std::optional<TimePoint> health_wakeup(const Entry& entry) const;
  void watch_health(const xmpp::Jid& bridge, Entry& entry);

  const Clock& clock_;
  Port& port_;
  const BridgeSettings settings_;
  std::map<xmpp::Jid, Entry> bridges_;
  Counter lost_;
};

}  // namespace cloister::focus::bridges
