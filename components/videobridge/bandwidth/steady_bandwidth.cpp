#include "videobridge/bandwidth/steady_bandwidth.h"

#include <cstdlib>

namespace cloister::videobridge::bandwidth {

bool SteadyBandwidth::on_estimate(std::int64_t rate, TimePoint now) {
  const bool small = used_ && std::abs(rate - *used_) * 100 <= *used_ * kStep;
  if (small || !may_use(rate, now)) return false;
  use(rate, now);
  return true;
}

void SteadyBandwidth::refresh(std::int64_t rate, TimePoint now) {
  if (may_use(rate, now)) use(rate, now);
}

bool SteadyBandwidth::may_use(std::int64_t rate, TimePoint now) const {
  return !used_ || rate < *used_ || !fell_ || now - *fell_ >= kRest;
}

void SteadyBandwidth::use(std::int64_t rate, TimePoint now) {
  if (used_ && rate < *used_) fell_ = now;
  used_ = rate;
}

}  // namespace cloister::videobridge::bandwidth
