// How much somebody may still send at once: what is used up comes back with time (a token bucket).
#pragma once

#include <algorithm>
#include <optional>

#include "base/clock.h"

namespace cloister::videobridge::conference {

class Allowance {
public:
  // Full at first. False, and nothing is taken, when `amount` is more than there is.
  bool take(double amount, double burst, double per_second, TimePoint now) {
    const std::chrono::duration<double> passed = last_ ? now - *last_ : Duration::zero();
    left_ = last_ ? std::min(burst, left_ + per_second * passed.count()) : burst;
    last_ = now;
    if (left_ < amount) return false;
    left_ -= amount;
    return true;
  }

private:
  double left_ = 0;
  std::optional<TimePoint> last_;
};

}  // namespace cloister::videobridge::conference
