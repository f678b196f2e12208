#include "videobridge/bandwidth/estimation/delivered_rate.h"

#include <algorithm>
#include <cmath>

#include "videobridge/bandwidth/estimation/outcome.h"

namespace cloister::videobridge::bandwidth::estimation {
namespace {

constexpr Duration kFirstWindow = 500ms;
constexpr Duration kWindow = 150ms;
constexpr double kUncertainty = 10;
constexpr double kVarianceStep = 5;  // (kbit/s)² a window: how much the path may change meanwhile

}  // namespace

void DeliveredRate::add(Duration arrival, std::int64_t bytes) {
  const Duration length = rate_ < 0 ? kFirstWindow : kWindow;
  if (last_ && arrival > *last_) {
    const Duration gap = arrival - *last_;
    window_ += gap;
    if (gap > length) {  // a pause says nothing of the path
      bytes_ = 0;
      window_ %= length;
      known_ = 0;
    }
    if (window_ >= length) {
      const std::int64_t sample = rate_of(bytes_, window_);
      windows_[known_++ % kLasting] = sample;
      learn(static_cast<double>(sample));
      window_ = {};
      bytes_ = 0;
    }
  }
  if (!last_ || arrival > *last_) last_ = arrival;
  bytes_ += bytes;
}

std::optional<std::int64_t> DeliveredRate::lasting() const {
  if (known_ < kLasting) return std::nullopt;
  return *std::ranges::min_element(windows_);
}

// A scalar Kalman filter whose measurement noise grows with the relative distance.
void DeliveredRate::learn(double sample) {
  if (rate_ < 0) {
    rate_ = sample;
    return;
  }
  const double distance = kUncertainty * std::abs(rate_ - sample) / std::max(rate_, 1.0);
  const double noise = distance * distance;
  const double predicted = variance_ + kVarianceStep;
  rate_ = (noise * rate_ + predicted * sample) / (noise + predicted);
  variance_ = noise * predicted / (noise + predicted);
}

}  // namespace cloister::videobridge::bandwidth::estimation
