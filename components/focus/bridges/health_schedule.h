// When a bridge is asked for its health, and what the answers mean (protocol/focus.md §6.3): every 10 s after
// the last answer; silence is asked about once more after 5 s before it counts.
#pragma once

#include <optional>

#include "base/clock.h"

namespace cloister::focus::bridges {

// What a bridge answered to a health check.
enum class Health : std::uint8_t {
  good,
  silent,  // no answer in time
  bad,     // it says so itself: internal-server-error, service-unavailable
  unclear  // any other error
};

enum class Verdict : std::uint8_t {
  none,
  unreachable,  // not to be chosen, existing conferences stay
  failed        // not to be chosen, its conferences move
};

class HealthSchedule {
public:
  static constexpr Duration kInterval = 10s;
  static constexpr Duration kRetryDelay = 5s;

  explicit HealthSchedule(TimePoint now) : due_(now + kInterval) {}

  // Empty while an answer is awaited.
  std::optional<TimePoint> next_wakeup() const { return due_; }
  bool due(TimePoint now) const { return due_ && *due_ <= now; }
  void on_asked() { due_.reset(); }
  Verdict on_answer(Health health, TimePoint now);

private:
  std::optional<TimePoint> due_;
  bool retrying_ = false;
};

}  // namespace cloister::focus::bridges
