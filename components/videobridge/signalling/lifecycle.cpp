#include "videobridge/signalling/lifecycle.h"

namespace cloister::videobridge::signalling {

void Lifecycle::shut_down_gracefully(TimePoint now) {
  if (phase_ != Phase::running) return;
  phase_ = Phase::graceful_shutdown;
  since_ = now;
}

bool Lifecycle::advance(std::int64_t participants, const ShutdownSettings& settings, TimePoint now) {
  if (phase_ == Phase::graceful_shutdown &&
      (participants <= settings.participants || now - since_ >= settings.longest)) {
    phase_ = Phase::shutting_down;
  } else if (phase_ == Phase::shutting_down && now - since_ >= settings.farewell) {
    phase_ = Phase::over;
  } else {
    return false;
  }
  since_ = now;
  return true;
}

}  // namespace cloister::videobridge::signalling
