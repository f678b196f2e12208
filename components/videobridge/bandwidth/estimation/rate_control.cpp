#include "videobridge/bandwidth/estimation/rate_control.h"

#include <algorithm>
#include <cmath>

#include "videobridge/bandwidth/estimation/outcome.h"

namespace cloister::videobridge::bandwidth::estimation {
namespace {

// The draft has 0.85 of the average. What is measured while the path is busy needs less; a queue that stands
// is drained besides (Estimator::budget).
constexpr double kBackOff = 0.9;
constexpr double kGrowth = 0.08;  // a second, far from any known limit
// Beyond what was delivered.
constexpr double kUnproven = 1.02;
constexpr std::int64_t kUnprovenRate = 5'000;
// Near a known limit: a packet more per response time.
constexpr double kPacketBits = 1200 * 8;
constexpr std::int64_t kLeastStep = 4'000;  // bit/s a second
constexpr Duration kDetection = 100ms;
constexpr Duration kLongestStep = 1s;
constexpr Duration kShortestWait = 10ms;
constexpr Duration kLongestWait = 200ms;

constexpr double kCapacityStep = 0.05;
constexpr double kLeastVariance = 0.4;
constexpr double kMostVariance = 2.5;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

void LinkCapacity::on_full(std::int64_t delivered) {
  const auto sample = static_cast<double>(delivered);
  if (average_ < 0) {
    average_ = sample;
    return;
  }
  average_ = (1 - kCapacityStep) * average_ + kCapacityStep * sample;
  const double kilobits = average_ / 1000;
  const double error = (average_ - sample) / 1000;
  variance_ = (1 - kCapacityStep) * variance_ + kCapacityStep * error * error / std::max(kilobits, 1.0);
  variance_ = std::clamp(variance_, kLeastVariance, kMostVariance);
}

double LinkCapacity::spread() const { return std::sqrt(variance_ * average_ / 1000) * 1000; }

void RateControl::update(const Input& input, TimePoint now) {
  switch (input.usage) {
    case Usage::over: decrease(input, now); break;
    case Usage::under: state_ = State::hold; break;
    case Usage::normal:
      if (state_ == State::hold) {
        state_ = State::increase;
        changed_ = now;
      }
      increase(input, now);
      break;
  }
}

void RateControl::decrease(const Input& input, TimePoint now) {
  state_ = State::hold;
  if (!input.busy) return;  // a trend, but nothing had to wait
  const Duration wait = std::clamp(input.rtt, kShortestWait, kLongestWait);
  const bool soon = decreased_ && now - *decreased_ < wait;
  if (soon && *input.busy > rate_ / 2) return;
  decreased_ = now;
  if (capacity_.is_known() && *input.busy < capacity_.least()) capacity_.forget();
  std::int64_t lower = scaled(*input.busy, kBackOff);
  if (lower > rate_ && capacity_.is_known()) lower = scaled(capacity_.average(), kBackOff);
  rate_ = std::clamp(lower, kLeastRate, std::max(rate_, kLeastRate));
  capacity_.on_full(*input.busy);
}

void RateControl::increase(const Input& input, TimePoint now) {
  const Duration time = changed_ ? std::min<Duration>(now - *changed_, kLongestStep) : Duration{0};
  changed_ = now;
  // Nothing waited and no limit is known: a guess below what is carried is no estimate.
  if (!capacity_.is_known() && input.lasting) rate_ = std::max(rate_, std::min(*input.lasting, kMostRate));
  if (!input.delivered || input.limited) return;
  if (capacity_.is_known() && *input.delivered > capacity_.most()) capacity_.forget();
  const std::int64_t proven = scaled(*input.delivered, kUnproven) + kUnprovenRate;
  if (rate_ < proven) rate_ = std::min(rate_ + step(input, time), std::min(proven, kMostRate));
}

std::int64_t RateControl::step(const Input& input, Duration time) const {
  if (!capacity_.is_known()) return scaled(rate_, kGrowth * seconds(time)) + 1;
  // One packet of the size that a frame is cut into now, per round trip and what detection takes.
  const double frame_bits = static_cast<double>(rate_) / 30;
  const double packet_bits = frame_bits / std::ceil(frame_bits / kPacketBits);
  const Duration response = 2 * (input.rtt + kDetection);
  const double slope = std::max(packet_bits / seconds(response), static_cast<double>(kLeastStep));
  return static_cast<std::int64_t>(slope * seconds(time));
}

void RateControl::raise_to(std::int64_t rate, TimePoint now) {
  if (rate <= rate_) return;
  if (capacity_.is_known() && rate > capacity_.most()) capacity_.forget();
  rate_ = std::min(rate, kMostRate);
  changed_ = now;
}

void RateControl::lower_to(std::int64_t rate, TimePoint now) {
  if (rate >= rate_) return;
  if (capacity_.is_known() && rate < capacity_.least()) capacity_.forget();
  rate_ = std::max(rate, kLeastRate);
  changed_ = now;
}

}  // namespace cloister::videobridge::bandwidth::estimation
