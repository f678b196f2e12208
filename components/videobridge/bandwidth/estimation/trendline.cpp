#include "videobridge/bandwidth/estimation/trendline.h"

#include <algorithm>
#include <cmath>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

constexpr double kSmoothing = 0.9;
constexpr double kGain = 4;
constexpr int kMostDeltas = 60;   // for the weight of the slope
constexpr double kOverTime = 10;  // ms
// draft-ietf-rmcat-gcc-02 §5.4: the threshold grows slower than it shrinks, and not by spikes.
constexpr double kUp = 0.0087;
constexpr double kDown = 0.039;
constexpr double kSpike = 15;
constexpr double kLeast = 6;
constexpr double kMost = 600;
constexpr double kLongestStep = 100;  // ms

double milliseconds(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

}  // namespace

Usage Trendline::add(const GroupDelta& delta) {
  const double arrived = milliseconds(delta.arrived);
  if (deltas_ == 0) first_arrived_ = arrived;
  delay_ += milliseconds(delta.arrival - delta.send);
  smoothed_ = kSmoothing * smoothed_ + (1 - kSmoothing) * delay_;
  points_[static_cast<std::size_t>(deltas_) % kPoints] = {arrived - first_arrived_, smoothed_};
  ++deltas_;
  judge(deltas_ < static_cast<int>(kPoints) ? previous_slope_ : slope(), milliseconds(delta.send), arrived);
  return usage_;
}

double Trendline::slope() const {
  double at = 0;
  double delay = 0;
  for (const Point& point : points_) {
    at += point.at / kPoints;
    delay += point.delay / kPoints;
  }
  double covariance = 0;
  double variance = 0;
  for (const Point& point : points_) {
    covariance += (point.at - at) * (point.delay - delay);
    variance += (point.at - at) * (point.at - at);
  }
  return variance == 0 ? previous_slope_ : covariance / variance;
}

void Trendline::judge(double slope, double send_ms, double now_ms) {
  const double trend = std::min(deltas_, kMostDeltas) * slope * kGain;
  if (trend > threshold_) {
    over_for_ = over_for_ < 0 ? send_ms / 2 : over_for_ + send_ms;
    ++over_count_;
    if (over_for_ > kOverTime && over_count_ > 1 && slope >= previous_slope_) {
      over_for_ = 0;
      over_count_ = 0;
      usage_ = Usage::over;
    }
  } else {
    over_for_ = -1;
    over_count_ = 0;
    usage_ = trend < -threshold_ ? Usage::under : Usage::normal;
  }
  previous_slope_ = slope;
  adapt(trend, now_ms);
}

void Trendline::adapt(double trend, double now_ms) {
  const double size = std::abs(trend);
  const double step = adapted_at_ < 0 ? 0 : std::clamp(now_ms - adapted_at_, 0.0, kLongestStep);
  adapted_at_ = now_ms;
  if (size > threshold_ + kSpike) return;
  threshold_ += (size < threshold_ ? kDown : kUp) * (size - threshold_) * step;
  threshold_ = std::clamp(threshold_, kLeast, kMost);
}

}  // namespace cloister::videobridge::bandwidth::estimation
