// Who wants to be woken when: a binary heap that knows each member's place in it, so that moving one costs
// O(log n) and no allocation. Times are rounded up to ticks of 5 ms, which lets what is due at about the same
// time be done in one go.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/clock.h"

namespace cloister::videobridge::conference {

// Base of whatever can be scheduled. Leaves the schedule when it dies.
class Scheduled {
public:
  Scheduled() = default;
  Scheduled(const Scheduled&) = delete;
  Scheduled& operator=(const Scheduled&) = delete;
  virtual ~Scheduled();

  // Runs what is due. Afterwards it has to say anew when it wants to come next. Must not destroy a Scheduled.
  virtual void on_due(TimePoint now) = 0;

private:
  friend class Schedule;
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  class Schedule* schedule_ = nullptr;
  std::size_t place_ = kNowhere;
  TimePoint due_{};
};

class Schedule {
public:
  static constexpr Duration kTick = 5ms;

  Schedule() = default;
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;
  ~Schedule();

  // Moves `member` to `due`; absent: takes it out.
  void set(Scheduled& member, std::optional<TimePoint> due);
  std::optional<TimePoint> next_due() const;
  // Calls on_due() of everybody due by `now`, once each.
  void run(TimePoint now);

private:
  void put(std::size_t place, Scheduled* member);
  void sift_up(std::size_t place);
  void sift_down(std::size_t place);
  void take_out(Scheduled& member);

  std::vector<Scheduled*> heap_;
  TimePoint floor_ = TimePoint::min();  // while running: nothing gets due again in the same run
};

}  // namespace cloister::videobridge::conference
