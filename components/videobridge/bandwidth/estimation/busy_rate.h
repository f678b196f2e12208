// How fast the path is while it is busy. A packet that waited left right behind the one before it: between
// their arrivals the path did nothing else. That holds for a bridge that sends less than the path carries,
// too, whose average says nothing of the path.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "videobridge/bandwidth/estimation/outcome.h"

namespace cloister::videobridge::bandwidth::estimation {

class BusyRate {
public:
  // In order; `waited` as StandingQueue has it.
  void on_packet(Duration arrival, std::int64_t bytes, Duration waited) {
    // Together with the one before, by a clock that ticks four times a millisecond: of the same work.
    if (last_ && arrival <= *last_) {
      if (is_busy_) now_.bytes += bytes;
      return;
    }
    // A gap longer than the wait was not all work.
    is_busy_ = last_ && waited > kWaited && arrival - *last_ <= waited + kShortest;
    if (is_busy_) {
      now_.time += arrival - *last_;
      now_.bytes += bytes;
    }
    last_ = arrival;
  }
  // After each report: what is older than half a second is forgotten.
  void update(TimePoint now) {
    if (since_ && now - *since_ < kPart) return;
    before_ = now_;
    now_ = {};
    since_ = now;
  }
  // bit/s; none when it was not busy of late for long enough to tell.
  std::optional<std::int64_t> value() const {
    const Duration time = before_.time + now_.time;
    if (time < kLeast) return std::nullopt;
    return rate_of(before_.bytes + now_.bytes, time);
  }

private:
  static constexpr Duration kWaited = 15ms;
  static constexpr Duration kShortest = 3ms;  // of the quickest packet on a slow line, which no wait has
  static constexpr Duration kLeast = 40ms;
  static constexpr Duration kPart = 250ms;

  struct Part {
    std::int64_t bytes = 0;
    Duration time{};
  };
  std::optional<Duration> last_;
  bool is_busy_ = false;  // on what arrived last
  std::optional<TimePoint> since_;
  Part now_;
  Part before_;
};

}  // namespace cloister::videobridge::bandwidth::estimation
