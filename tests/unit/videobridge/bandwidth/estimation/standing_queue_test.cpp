#include "videobridge/bandwidth/estimation/standing_queue.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

class Reports {
public:
  void run(Duration length, Duration way) {
    for (const TimePoint end = now_ + length; now_ < end; now_ += 50ms) {
      // Only the quickest of a report counts, and the clocks need not agree.
      queue.on_packet(now_, now_.time_since_epoch() - 1h + way + 30ms);
      queue.on_packet(now_, now_.time_since_epoch() - 1h + way);
      queue.update(now_);
    }
  }
  StandingQueue queue;

private:
  TimePoint now_{1s};
};

TEST(StandingQueue, IsTheWayBeyondTheShortestSeen) {
  Reports reports;
  reports.run(5s, 20ms);
  EXPECT_EQ(reports.queue.wait(), 0ms);
  reports.run(1s, 220ms);
  EXPECT_EQ(reports.queue.wait(), 200ms);
  reports.run(1s, 20ms);
  EXPECT_EQ(reports.queue.wait(), 0ms);
}

TEST(StandingQueue, TakesALongerWayForGrantedAfterAWhile) {
  Reports reports;
  reports.run(5s, 20ms);
  reports.run(14s, 80ms);
  EXPECT_EQ(reports.queue.wait(), 60ms);
  reports.run(30s, 80ms);
  EXPECT_EQ(reports.queue.wait(), 0ms);
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth::estimation
