#include "videobridge/conference/speech/dominant_speaker.h"

#include <algorithm>
#include <cmath>

namespace cloister::videobridge::conference {
namespace {

constexpr Duration kDecisionInterval = 300ms;
constexpr Duration kIdleCheckInterval = 40ms;
constexpr Duration kSleepAfter = 15s;
constexpr Duration kForgetAfter = 1h;
constexpr double kC1 = 3;
constexpr double kC2 = 2;
constexpr double kC3 = 0;

}  // namespace

void DominantSpeaker::on_level(SpeechActivity& activity, std::uint8_t level, TimePoint now) {
  if (!activity.was_heard()) speakers_.push_back(&activity);
  activity.on_level(level, now);
  last_level_ = now;
  if (due_) return;
  next_idle_check_ = now + kIdleCheckInterval;
  next_decision_ = std::max(next_decision_, now);
  due_ = std::min(next_idle_check_, next_decision_);
}

void DominantSpeaker::remove(const SpeechActivity& activity) {
  std::erase(speakers_, &activity);
  if (dominant_ == &activity) dominant_ = nullptr;
}

bool DominantSpeaker::on_wakeup(TimePoint now) {
  if (!due_ || now < *due_) return false;
  if (now >= next_idle_check_) {
    next_idle_check_ = now + kIdleCheckInterval;
    forget_idle(now);
    for (SpeechActivity* speaker : speakers_) speaker->on_idle_check(now);
  }
  bool changed = false;
  if (now >= next_decision_) {
    next_decision_ = now + kDecisionInterval;
    if (const SpeechActivity* winner = decide(); winner && winner != dominant_) {
      dominant_ = winner;
      changed = true;
    }
  }
  due_ = now - last_level_ > kSleepAfter ? std::nullopt
                                         : std::optional(std::min(next_idle_check_, next_decision_));
  return changed;
}

void DominantSpeaker::forget_idle(TimePoint now) {
  std::erase_if(speakers_, [&](SpeechActivity* speaker) {
    if (speaker == dominant_ || now - speaker->last_level() <= kForgetAfter) return false;
    *speaker = SpeechActivity();
    return true;
  });
}

// The new dominant speaker, or nobody to leave things as they are.
const SpeechActivity* DominantSpeaker::decide() {
  if (speakers_.empty()) return nullptr;
  if (speakers_.size() == 1) return speakers_.front();
  // Without a dominant speaker the first one known is nominated and the others compete with it.
  const SpeechActivity* incumbent = dominant_ ? dominant_ : speakers_.front();
  const SpeechActivity* winner = dominant_ ? nullptr : incumbent;
  for (SpeechActivity* speaker : speakers_) speaker->evaluate();
  const SpeechActivity::Scores& held = incumbent->scores();
  double best_medium = kC2;
  for (const SpeechActivity* speaker : speakers_) {
    if (speaker == incumbent) continue;
    const SpeechActivity::Scores& scores = speaker->scores();
    const double medium = std::log(scores.medium / held.medium);
    if (std::log(scores.immediate / held.immediate) > kC1 && medium > best_medium &&
        std::log(scores.long_term / held.long_term) > kC3) {
      best_medium = medium;
      winner = speaker;
    }
  }
  return winner;
}

}  // namespace cloister::videobridge::conference
