// Does the way get longer? A line through the last delays of groups; its slope against a threshold that
// adapts to how restless the path is (draft-ietf-rmcat-gcc-02 §5.3, 5.4, with a least-squares line in place
// of the Kalman filter, as browsers have it since 2016).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "videobridge/bandwidth/estimation/arrival_groups.h"

namespace cloister::videobridge::bandwidth::estimation {

enum class Usage : std::uint8_t {
  normal,
  under,  // a queue drains
  over,   // a queue grows
};

class Trendline {
public:
  Usage add(const GroupDelta& delta);
  Usage usage() const { return usage_; }
  double threshold() const { return threshold_; }

private:
  static constexpr std::size_t kPoints = 20;
  struct Point {
    double at = 0;     // ms
    double delay = 0;  // ms, smoothed
  };

  double slope() const;
  void judge(double slope, double send_ms, double now_ms);
  void adapt(double trend, double now_ms);

  std::array<Point, kPoints> points_{};
  int deltas_ = 0;
  double first_arrived_ = 0;
  double delay_ = 0;  // ms since the beginning
  double smoothed_ = 0;
  double previous_slope_ = 0;
  double threshold_ = 12.5;
  double adapted_at_ = -1;
  double over_for_ = -1;  // ms; negative: not at all
  int over_count_ = 0;
  Usage usage_ = Usage::normal;
};

}  // namespace cloister::videobridge::bandwidth::estimation
