// What the bridge as a whole is up to (protocol/bridge.md §1.5). A value with a clock: whoever owns it tells
// focuses, shards and the service manager. Main thread.
//
//   running ──shut down gracefully──▶ graceful_shutdown ──nobody left, or 24 h──▶ shutting_down ──1 min──▶
//   over
//      └────────────── shut down now ────────┴──────────────────────────────────────────┴─────────────────▲
//
// Draining is no phase: it asks focuses to choose other bridges, and nothing is refused.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace cloister::videobridge::signalling {

enum class Phase : std::uint8_t {
  running,
  graceful_shutdown,  // no new conferences
  shutting_down,      // focuses move what is left
  over                // the process ends
};

struct ShutdownSettings {
  std::int64_t participants = 0;  // so many may be left when the last minute begins
  std::chrono::seconds longest = 24h;
  std::chrono::seconds farewell = 1min;
};

class Lifecycle {
public:
  Phase phase() const { return phase_; }
  bool draining() const { return draining_; }
  void drain(bool on) { draining_ = on; }

  void shut_down_gracefully(TimePoint now);
  void shut_down_now() { phase_ = Phase::over; }
  // Goes on as far as time and the number of participants allow. True when the phase has changed.
  bool advance(std::int64_t participants, const ShutdownSettings& settings, TimePoint now);

private:
  Phase phase_ = Phase::running;
  bool draining_ = false;
  TimePoint since_{};  // of the phase
};

}  // namespace cloister::videobridge::signalling
