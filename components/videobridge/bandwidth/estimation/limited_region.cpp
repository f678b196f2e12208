#include "videobridge/bandwidth/estimation/limited_region.h"

#include <algorithm>

#include "videobridge/bandwidth/estimation/outcome.h"

namespace cloister::videobridge::bandwidth::estimation {
namespace {

constexpr double kShare = 0.65;
constexpr Duration kWindow = 500ms;
// Of the window's share left over, percent.
constexpr std::int64_t kEnter = 80;
constexpr std::int64_t kLeave = 50;

}  // namespace

void LimitedRegion::update(std::int64_t bytes, std::int64_t estimate, TimePoint now) {
  const std::int64_t share = scaled(estimate, kShare);
  const std::int64_t most = bytes_in(share, kWindow);
  const Duration time = updated_ ? std::min<Duration>(now - *updated_, 2 * kWindow) : Duration{0};
  updated_ = now;
  unused_ = std::clamp(unused_ + bytes_in(share, time) - bytes, -most, most);
  if (unused_ * 100 > most * kEnter) limited_ = true;
  if (unused_ * 100 < most * kLeave) limited_ = false;
}

}  // namespace cloister::videobridge::bandwidth::estimation
