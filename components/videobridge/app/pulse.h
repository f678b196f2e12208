// Whether all media threads answer. Rounds of questions: a new one begins when the one before is answered by
// all. A value with a clock; main thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"

namespace cloister::videobridge::app {

class Pulse {
public:
  // A thread that has not answered for so long is not healthy (protocol/bridge.md §13, max-check-duration).
  static constexpr Duration kPatience = 3s;

  explicit Pulse(std::size_t threads) : answered_(threads, true) {}

  // Nothing while the round before is open; otherwise the number of the new one, to be asked of every thread.
  std::optional<std::uint64_t> begin(TimePoint now) {
    if (!complete()) return std::nullopt;
    answered_.assign(answered_.size(), false);
    begun_ = now;
    return ++round_;
  }
  void on_answer(std::size_t thread, std::uint64_t round) {
    if (round == round_) answered_[thread] = true;
  }
  bool complete() const {
    for (const bool answered : answered_)
      if (!answered) return false;
    return true;
  }
  bool healthy(TimePoint now) const { return complete() || now - begun_ <= kPatience; }

private:
  std::vector<bool> answered_;
  TimePoint begun_{};
  std::uint64_t round_ = 0;
};

}  // namespace cloister::videobridge::app
