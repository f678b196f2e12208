#include "videobridge/bandwidth/estimation/loss_control.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "videobridge/bandwidth/estimation/outcome.h"

namespace cloister::videobridge::bandwidth::estimation {
namespace {

// A window is long enough to be judged, or so full that it shows anyway.
constexpr Duration kShortest = 250ms;
constexpr Duration kLongest = 2s;
constexpr std::int64_t kLeastPackets = 20;
constexpr std::int64_t kUsualPackets = 100;

// No path that video is worth sending over loses more than that by itself.
constexpr double kMostUsual = 0.12;
constexpr double kTolerance = 0.03;
constexpr double kDeviations = 3;
constexpr double kGrowth = 1.08;  // a good window
// Chance does not lose so much, nor more than usual twice in a row.
constexpr double kFlood = 0.3;
constexpr std::size_t kLeastWindows = 4;  // to know what is usual

}  // namespace

void LossControl::update(std::int64_t rate, std::optional<std::int64_t> delivered, bool calm, TimePoint now) {
  if (!since_) since_ = now;
  if (!is_window_over(now)) return;
  const double loss = static_cast<double>(lost_) / static_cast<double>(packets_);
  if (delivered) judge(loss, rate, *delivered, calm);
  windows_[known_++ % kWindows] = loss;
  since_ = now;
  packets_ = lost_ = 0;
}

bool LossControl::is_window_over(TimePoint now) const {
  const Duration time = now - *since_;
  if (time < kShortest || packets_ < kLeastPackets) return false;
  return time >= kLongest || packets_ >= kUsualPackets || lost_ * 5 > packets_ * 2;
}

bool LossControl::is_unusual(double loss) const {
  const double usual = usual_loss();
  const double likely = std::max((usual + loss) / 2, 0.01);
  const double deviation = std::sqrt(likely * (1 - likely) / static_cast<double>(packets_));
  return loss > usual + kTolerance + kDeviations * deviation;
}

void LossControl::judge(double loss, std::int64_t rate, std::int64_t delivered, bool calm) {
  const bool unusual = is_unusual(loss);
  const bool again = std::exchange(suspicious_, unusual);
  if (unusual && (again || loss > kFlood)) {
    limit_ = std::clamp(std::max(scaled(rate, 1 - loss), std::min(delivered, rate)), kLeastRate, kMostRate);
  } else if (limit_ && !unusual && calm) {
    limit_ = scaled(*limit_, kGrowth);
    if (*limit_ > rate * 2) limit_.reset();
  }
}

// The median: neither a lucky window nor a bad one make the measure.
double LossControl::usual_loss() const {
  const std::size_t count = std::min(known_, kWindows);
  if (count < kLeastWindows) return kMostUsual;
  auto sorted = windows_;
  const auto median = sorted.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(sorted.begin(), median, sorted.begin() + static_cast<std::ptrdiff_t>(count));
  return std::min(*median, kMostUsual);
}

void LossControl::raise_to(std::int64_t rate) {
  if (limit_ && rate > *limit_) limit_ = rate;
}

}  // namespace cloister::videobridge::bandwidth::estimation
