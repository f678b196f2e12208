// How long packets were on their way: counted in steps of 3 %, from a microsecond to a minute.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/clock.h"

namespace cloister::load {

class DelayHistogram {
public:
  void add(Duration delay) {
    const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(delay / 1us, 0));
    ++counts_[std::min(step_of(us), kSteps - 1)];
    ++count_;
  }
  void add(const DelayHistogram& other) {
    for (std::size_t i = 0; i < kSteps; ++i) counts_[i] += other.counts_[i];
    count_ += other.count_;
  }
  // The delay that `share` (0…1) of all stay below, rounded up to its step; zero when nothing was counted.
  Duration percentile(double share) const {
    const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kSteps; ++i) {
      seen += counts_[i];
      if (seen > rank) return end_of(i) * 1us;
    }
    return count_ == 0 ? Duration{} : end_of(kSteps - 1) * 1us;
  }
  std::uint64_t count() const { return count_; }

private:
  static constexpr std::size_t kInOctave = 32;
  static constexpr std::size_t kSteps = kInOctave * 22;

  // Below kInOctave one step a microsecond, then kInOctave steps for each doubling.
  static constexpr std::size_t step_of(std::uint64_t us) {
    if (us < kInOctave) return us;
    const auto octave = static_cast<std::size_t>(std::bit_width(us)) - std::bit_width(kInOctave);
    return (octave + 1) * kInOctave + ((us >> octave) - kInOctave);
  }
  static constexpr std::int64_t end_of(std::size_t step) {
    if (step < kInOctave) return static_cast<std::int64_t>(step) + 1;
    const std::size_t octave = step / kInOctave - 1;
    return static_cast<std::int64_t>((step % kInOctave + kInOctave + 1) << octave);
  }

  std::array<std::uint64_t, kSteps> counts_{};
  std::uint64_t count_ = 0;
};

}  // namespace cloister::load
