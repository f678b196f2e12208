// At most so many within a window, and not closer than a gap. Bounded memory.
#pragma once

#include <deque>
#include <optional>

#include "base/clock.h"

namespace cloister::focus::room {

class RateLimit {
public:
  struct Rate {
    Duration gap{};        // between two
    std::size_t most = 0;  // within …
    Duration window{};     // … this long
  };
  explicit RateLimit(Rate rate) : rate_(rate) {}

  // Takes one when allowed.
  bool take(TimePoint now) {
    if (next(now) > now) return false;
    while (!taken_.empty() && now - taken_.front() >= rate_.window) taken_.pop_front();
    taken_.push_back(now);
    return true;
  }
  // When the next one is allowed; `now` or earlier: at once.
  TimePoint next(TimePoint now) const {
    TimePoint at = now;
    if (!taken_.empty()) at = std::max(at, taken_.back() + rate_.gap);
    if (taken_.size() >= rate_.most) at = std::max(at, taken_[taken_.size() - rate_.most] + rate_.window);
    return at;
  }

private:
  Rate rate_;
  std::deque<TimePoint> taken_;
};

}  // namespace cloister::focus::room
