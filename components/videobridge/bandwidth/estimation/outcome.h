// What a receiver's feedback says of one packet, and rates in bit/s.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace cloister::videobridge::bandwidth::estimation {

struct Outcome {
  std::uint16_t sequence = 0;  // transport-wide
  std::uint16_t bytes = 0;
  TimePoint sent;
  std::optional<Duration> arrival;  // on the receiver's clock; absent: lost, or later than the feedback
};

// cc and jmt.bwe: protocol/bridge.md §7.1.
inline constexpr std::int64_t kInitialRate = 2'500'000;
inline constexpr std::int64_t kLeastRate = 30'000;
inline constexpr std::int64_t kMostRate = 20'000'000;

// `time` is positive.
constexpr std::int64_t rate_of(std::int64_t bytes, Duration time) {
  return bytes * 8 * Duration(1s).count() / time.count();
}
// Of less than a minute at most.
constexpr std::int64_t bytes_in(std::int64_t rate, Duration time) {
  return rate / 8 * std::chrono::duration_cast<std::chrono::microseconds>(time).count() / 1'000'000;
}
constexpr std::int64_t scaled(std::int64_t rate, double factor) {
  return static_cast<std::int64_t>(static_cast<double>(rate) * factor);
}

}  // namespace cloister::videobridge::bandwidth::estimation
