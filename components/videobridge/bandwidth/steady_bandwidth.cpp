#include "videobridge/bandwidth/steady_bandwidth.h"

#include <cstdlib>

namespace cloister::videobridge::bandwidth {

bool SteadyBandwidth::on_estimate(std::int64_t rate, TimePoint now) {
  if (is_small(rate) || !may_use(rate, now)) return false;
  use(rate, now);
  return true;
}

void SteadyBandwidth::refresh(std::int64_t rate, TimePoint now) {
  if (may_use(rate, now)) use(rate, now);
}

bool SteadyBandwidth::may_use(std::int64_t rate, TimePoint now) const {
  if (!used_ || rate < *used_) return true;
  const auto& since = is_small(rate) ? sank_ : fell_;
  return !since || now - *since >= kRest;
}

bool SteadyBandwidth::is_small(std::int64_t rate) const {
  return used_ && std::abs(rate - *used_) * 100 <= *used_ * kStep;
}

void SteadyBandwidth::use(std::int64_t rate, TimePoint now) {
  if (used_ && rate < *used_) {
    sank_ = now;
    if (!is_small(rate)) fell_ = now;
  }
  used_ = rate;
}

}  // namespace cloister::videobridge::bandwidth
