// Time is passed in. Protocol classes take a TimePoint with each input and offer next_wakeup(); slower code
// takes a Clock.
#pragma once

#include <chrono>
#include <optional>

namespace cloister {

using namespace std::chrono_literals;
using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

struct Clock {
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
};

struct SteadyClock final : Clock {
  TimePoint now() const override { return std::chrono::steady_clock::now(); }
};

// The earlier of two wake-ups, either of which may be absent.
constexpr std::optional<TimePoint> earlier(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  if (!a) return b;
  if (!b) return a;
  return *a < *b ? a : b;
}

}  // namespace cloister
