// Whose meeting it is: the accounts that host one meeting, and what happens while none of them is there.
// Focus thread; owned by its room, which tells who is in and asks when time has come.
#pragma once

#include <optional>
#include <set>

#include "base/clock.h"
#include "focus/rights/host_sessions.h"
#include "focus/rights/settings.h"

namespace cloister::focus::rights {

class Hosts {
public:
  explicit Hosts(const HostSettings& settings) : settings_(settings) {}

  // Somebody with an account asks for the meeting. Whether it is host there: the first one always is, on
  // whatever device; the others where the settings say so.
  bool claim(const Account& account) {
    if (accounts_.empty() || settings_.moderate == Moderate::all) accounts_.insert(account);
    return accounts_.contains(account);
  }

  // After each change of the members: whether a host, or a co-host in its place, is among them.
  void on_members(bool led, TimePoint now) {
    if (led || settings_.when_gone == WhenGone::stay) return ends_at_.reset();
    if (!ends_at_) ends_at_ = now + settings_.end_grace;
  }
  std::optional<TimePoint> next_wakeup() const { return ends_at_; }
  bool is_over(TimePoint now) const { return ends_at_ && *ends_at_ <= now; }

private:
  const HostSettings& settings_;
  std::set<Account> accounts_;
  std::optional<TimePoint> ends_at_;
};

}  // namespace cloister::focus::rights
