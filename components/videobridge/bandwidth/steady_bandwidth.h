// The bandwidth that allocation works with: follows the estimate in steps, so that layers do not dance to its
// every move (protocol/bridge.md §7.6). Down at once; up not soon after it went down, and far up not soon
// after it went far down.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace cloister::videobridge::bandwidth {

class SteadyBandwidth {
public:
  // cc.bwe-change-threshold
  static constexpr std::int64_t kStep = 15;  // percent
  static constexpr Duration kRest = 5s;      // from a fall to the next rise

  // bit/s. True when layers should be allocated anew.
  bool on_estimate(std::int64_t rate, TimePoint now);
  // They are allocated anyway: small changes count, too.
  void refresh(std::int64_t rate, TimePoint now);
  // As last used; none before the first estimate.
  std::optional<std::int64_t> value() const { return used_; }

private:
  bool may_use(std::int64_t rate, TimePoint now) const;
  bool is_small(std::int64_t rate) const;
  void use(std::int64_t rate, TimePoint now);

  std::optional<std::int64_t> used_;
  std::optional<TimePoint> sank_;  // by however little
  std::optional<TimePoint> fell_;  // by more than a step
};

}  // namespace cloister::videobridge::bandwidth
