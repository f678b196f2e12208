#include "focus/bridges/health_schedule.h"

namespace cloister::focus::bridges {

Verdict HealthSchedule::on_answer(Health health, TimePoint now) {
  if (due_) return Verdict::none;  // not asked: the answer belongs to an earlier life of this bridge
  const bool silent_again = retrying_;
  retrying_ = health == Health::silent && !silent_again;
  due_ = now + (retrying_ ? kRetryDelay : kInterval);
  if (health == Health::bad) return Verdict::failed;
  return health == Health::silent && silent_again ? Verdict::unreachable : Verdict::none;
}

}  // namespace cloister::focus::bridges
