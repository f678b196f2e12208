// How often something may be asked for: with a least distance, and at most kCount times in a window.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "base/clock.h"

namespace cloister::videobridge::media {

template <std::size_t kCount>
class RequestLimit {
public:
  RequestLimit(Duration least_distance, Duration window) : least_distance_(least_distance), window_(window) {}

  bool allows(TimePoint now) const {
    const auto& newest = times_[(next_ + kCount - 1) % kCount];
    const auto& oldest = times_[next_];
    return (!newest || now - *newest >= least_distance_) && (!oldest || now - *oldest >= window_);
  }
  void on_request(TimePoint now) {
    times_[next_] = now;
    next_ = (next_ + 1) % kCount;
  }

private:
  Duration least_distance_;
  Duration window_;
  std::array<std::optional<TimePoint>, kCount> times_{};
  std::size_t next_ = 0;
};

}  // namespace cloister::videobridge::media
