#include "videobridge/conference/speech/loudest.h"

#include <algorithm>

namespace cloister::videobridge::conference {
namespace {

constexpr std::uint8_t kSilence = 127;
// A pause between two words costs a speaker little, and a second of silence half of the distance to the
// noise.
constexpr double kFallPerSecond = 20;  // dB
// How much louder somebody must be to take a member's place: equal noises do not take turns.
constexpr double kMargin = 6;  // dB
constexpr double kLoudest = kSilence + kMargin;

}  // namespace

double Loudest::strength(const Voice& voice, TimePoint now) {
  const std::chrono::duration<double> since = now - voice.at;
  return std::max(voice.peak - kFallPerSecond * since.count(), 0.0);
}

bool Loudest::on_packet(std::uint32_t voice, std::uint8_t level, Dominant dominant, std::size_t limit,
                        TimePoint now) {
  if (limit == 0) return true;
  if (voice >= voices_.size()) voices_.resize(voice + 1);
  Voice& entry = voices_[voice];
  const double loudness = dominant == Dominant::yes ? kLoudest : kSilence - std::min(level, kSilence);
  if (loudness >= strength(entry, now)) {
    entry.peak = loudness;
    entry.at = now;
  }
  while (members_.size() > limit) dismiss(weakest(now));  // the limit is a smaller one since then
  if (entry.member) return true;
  if (members_.size() < limit) {
    admit(voice);
    return true;
  }
  const std::uint32_t other = weakest(now);
  if (strength(entry, now) < strength(voices_[other], now) + kMargin) return false;
  dismiss(other);
  admit(voice);
  return true;
}

void Loudest::forget(std::uint32_t voice) {
  if (voice >= voices_.size()) return;
  voices_[voice] = {};
  std::erase(members_, voice);
}

std::uint32_t Loudest::weakest(TimePoint now) const {
  return *std::ranges::min_element(members_, {},
                                   [&](std::uint32_t member) { return strength(voices_[member], now); });
}

void Loudest::dismiss(std::uint32_t voice) {
  voices_[voice].member = false;
  std::erase(members_, voice);
}

void Loudest::admit(std::uint32_t voice) {
  members_.push_back(voice);
  voices_[voice].member = true;
}

}  // namespace cloister::videobridge::conference
