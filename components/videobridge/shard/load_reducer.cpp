#include "videobridge/shard/load_reducer.h"

#include <algorithm>

namespace cloister::videobridge::shard {

using bandwidth::kUnlimited;

bool LoadReducer::measure(double load, int largest, const LoadSettings& settings, TimePoint now) {
  const int before = last_n_;
  in_a_row_ = load > settings.threshold ? in_a_row_ + 1 : 0;
  if (!settings.shedding) {
    last_n_ = kUnlimited;
  } else if (in_a_row_ > 0) {
    overloaded_ = now;
    if (in_a_row_ >= kConfirmed && largest > 1) last_n_ = fewer(largest);
  } else if (load < settings.recovery && last_n_ != kUnlimited) {
    const TimePoint since = std::max(overloaded_.value_or(now), recovered_.value_or(TimePoint::min()));
    if (now - since >= kRecoveryPause) {
      recovered_ = now;
      last_n_ = more(largest);
    }
  }
  return last_n_ != before;
}

int LoadReducer::fewer(int largest) const {
  const int most = std::clamp(largest - 1, 0, kFirstLimit);
  const int from = last_n_ == kUnlimited ? most : std::min(last_n_, most);
  return from * 3 / 4;
}

int LoadReducer::more(int largest) const {
  const int next = std::max(last_n_ + 1, last_n_ * 5 / 4);
  return next >= largest - 1 || next > kFirstLimit ? kUnlimited : next;
}

}  // namespace cloister::videobridge::shard
