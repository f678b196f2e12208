#include "videobridge/conference/speech/speech_activity.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace cloister::videobridge::conference {
namespace {

constexpr std::uint8_t kMaxLoudness = 127;
constexpr std::uint8_t kLevelUnit = 10;  // (127 + 12) / 13
constexpr int kImmediateLength = 13;     // N1: levels per unit
constexpr std::uint8_t kMediumThreshold = 7;
constexpr std::uint8_t kLongThreshold = 4;
constexpr std::uint16_t kNoiseFloorWindow = 750;  // 15 s of 20 ms
constexpr Duration kIdle = 40ms;

// How much more likely `active` of `length` parts are speech than noise, as a logarithm; floored.
double score(int active, int length, double lambda) {
  const auto ln_factorial = [](int n) { return std::lgamma(n + 1.0); };
  const double ln_choose = ln_factorial(length) - ln_factorial(active) - ln_factorial(length - active);
  const double value = ln_choose + length * std::log(0.5) - std::log(lambda) + lambda * active;
  return std::max(value, SpeechActivity::kScoreFloor);
}

std::uint8_t count_above(std::span<const std::uint8_t> parts, std::uint8_t threshold) {
  return static_cast<std::uint8_t>(
      std::ranges::count_if(parts, [=](std::uint8_t part) { return part > threshold; }));
}

}  // namespace

void SpeechActivity::on_level(std::uint8_t level, TimePoint now) {
  if (heard_ && now < last_level_) return;
  heard_ = true;
  last_level_ = now;
  push(static_cast<std::uint8_t>(kMaxLoudness - std::min(level, kMaxLoudness)));
}

void SpeechActivity::on_idle_check(TimePoint now) {
  if (heard_ && now - last_level_ > kIdle) push(0);
}

void SpeechActivity::push(std::uint8_t loudness) {
  std::shift_right(levels_.begin(), levels_.end(), 1);
  levels_.front() = loudness;
  track_noise_floor(loudness);
}

void SpeechActivity::track_noise_floor(std::uint8_t loudness) {
  if (loudness == 0) return;
  if (noise_floor_ == 0 || loudness < noise_floor_) {
    noise_floor_ = loudness;
    next_floor_ = 0;
    next_floor_count_ = 0;
    return;
  }
  next_floor_ = next_floor_count_ == 0 ? loudness : std::min(next_floor_, loudness);
  if (++next_floor_count_ < kNoiseFloorWindow) return;
  const double mean = std::sqrt(static_cast<double>(noise_floor_) * next_floor_);
  noise_floor_ = static_cast<std::uint8_t>(std::clamp(mean, 1.0, double{kMaxLoudness}));
  next_floor_count_ = 0;
}

const SpeechActivity::Scores& SpeechActivity::evaluate() {
  if (!update_immediates()) return scores_;
  scores_.immediate = score(immediates_.front(), kImmediateLength, 0.78);
  if (!update_mediums()) return scores_;
  scores_.medium = score(mediums_.front(), kMediumLength, 24);
  if (!update_longs()) return scores_;
  scores_.long_term = score(long_, kLongLength, 47);
  return scores_;
}

bool SpeechActivity::update_immediates() {
  const int least = noise_floor_ + kLevelUnit;
  bool changed = false;
  for (std::size_t i = 0; i < kHistory; ++i) {
    const auto unit = static_cast<std::uint8_t>(levels_[i] < least ? 0 : levels_[i] / kLevelUnit);
    changed |= unit != immediates_[i];
    immediates_[i] = unit;
  }
  return changed;
}

bool SpeechActivity::update_mediums() {
  bool changed = false;
  for (std::size_t j = 0; j < kLongLength; ++j) {
    const std::span parts = std::span(immediates_).subspan(j * kMediumLength, kMediumLength);
    const std::uint8_t active = count_above(parts, kMediumThreshold);
    changed |= active != mediums_[j];
    mediums_[j] = active;
  }
  return changed;
}

bool SpeechActivity::update_longs() {
  const std::uint8_t active = count_above(mediums_, kLongThreshold);
  const bool changed = active != long_;
  long_ = active;
  return changed;
}

}  // namespace cloister::videobridge::conference
