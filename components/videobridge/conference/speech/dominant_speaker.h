// Who speaks (protocol/bridge.md §10.1). Fed with the audio levels of everybody; decides every 300 ms. Shard
// thread; no timers of its own.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "videobridge/conference/speech/speech_activity.h"

namespace cloister::videobridge::conference {

// Holds the activities by address only; their owners call remove() before they go.
class DominantSpeaker {
public:
  // A participant becomes a speaker with the first level.
  void on_level(SpeechActivity& activity, std::uint8_t level, TimePoint now);
  void remove(const SpeechActivity& activity);

  // Due while anybody was heard in the last 15 s.
  std::optional<TimePoint> next_wakeup() const { return due_; }
  // True when current() has become somebody else.
  bool on_wakeup(TimePoint now);

  const SpeechActivity* current() const { return dominant_; }

private:
  void forget_idle(TimePoint now);
  const SpeechActivity* decide();

  std::vector<SpeechActivity*> speakers_;  // in the order first heard
  const SpeechActivity* dominant_ = nullptr;
  std::optional<TimePoint> due_;
  TimePoint last_level_{};
  TimePoint next_idle_check_{};
  TimePoint next_decision_{};
};

}  // namespace cloister::videobridge::conference
