// How long packets wait on the way: their delay against the least of the last half minute. Clocks that drift
// apart do so by less than a millisecond meanwhile.
#pragma once

#include <algorithm>
#include <optional>

#include "base/clock.h"

namespace cloister::videobridge::bandwidth::estimation {

class StandingQueue {
public:
  // How long this one waited, as far as is known.
  Duration on_packet(TimePoint sent, Duration arrival) {
    const Duration way = arrival - sent.time_since_epoch();  // the clocks differ: only differences count
    if (!shortest_ || way < *shortest_) shortest_ = way;
    return way - std::min({base_, before_, *shortest_});
  }
  // After each report.
  void update(TimePoint now) {
    if (!shortest_) return;
    if (!since_ || now - *since_ > kHalf) {
      before_ = base_;
      base_ = Duration::max();
      since_ = now;
    }
    base_ = std::min(base_, *shortest_);
    wait_ = *shortest_ - std::min(base_, before_);
    shortest_.reset();
  }
  // Of the report's quickest packet: what all of them had to wait.
  Duration wait() const { return wait_; }

private:
  static constexpr Duration kHalf = 15s;

  std::optional<Duration> shortest_;  // of this report
  Duration base_ = Duration::max();
  Duration before_ = Duration::max();
  std::optional<TimePoint> since_;
  Duration wait_{};
};

}  // namespace cloister::videobridge::bandwidth::estimation
