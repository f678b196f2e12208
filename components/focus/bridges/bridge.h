// What the focus knows of one bridge: its published statistics (protocol/focus.md §6.1) and how it behaved.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "xmpp/jid.h"

namespace cloister::focus::bridges {

class Bridge {
public:
  // How long a new endpoint counts on top of the reported load, which lags behind.
  static constexpr Duration kRampUp = 20s;
  // How long a bridge that failed is avoided.
  static constexpr Duration kFailureMemory = 60s;

  explicit Bridge(xmpp::Jid occupant) : occupant_(std::move(occupant)) {}

  // A value that is missing or unreadable keeps its last state.
  void on_stats(const std::map<std::string, std::string>& stats);
  void on_endpoint_added(TimePoint now);
  void mark_failed(TimePoint now) { failed_at_ = now; }
  void mark_graceful() { graceful_ = true; }

  const xmpp::Jid& occupant() const { return occupant_; }
  // Reported stress (0 idle, 1 full) plus the share of the endpoints added lately.
  double stress(TimePoint now) const;
  bool operational(TimePoint now) const { return !failed_at_ || now - *failed_at_ >= kFailureMemory; }
  std::optional<TimePoint> failed_until() const;
  bool draining() const { return draining_; }
  bool graceful() const { return graceful_; }
  bool shutting_down() const { return shutting_down_; }
  const std::string& region() const { return region_; }
  const std::string& relay_id() const { return relay_id_; }  // empty: it does not relay
  const std::string& version() const { return version_; }    // with the release, where it says one
  // It said itself that it drains or ends, and is to be emptied.
  bool retiring() const { return graceful_ || (draining_ && said_drain_); }
  bool says_ill() const { return says_ill_; }  // healthy=false in its presence

private:
  xmpp::Jid occupant_;
  double reported_stress_ = 0;
  double stress_per_endpoint_ = 0.01;
  bool draining_ = true;  // until it says otherwise (checklist 156)
  bool said_drain_ = false;
  bool says_ill_ = false;
  bool graceful_ = false;       // sticky
  bool shutting_down_ = false;  // sticky
  std::string region_;
  std::string relay_id_;
  std::string version_;
  std::optional<TimePoint> failed_at_;
  std::deque<TimePoint> recent_endpoints_;  // of the last kRampUp
};

}  // namespace cloister::focus::bridges
