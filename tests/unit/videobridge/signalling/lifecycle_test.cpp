#include "videobridge/signalling/lifecycle.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::signalling {
namespace {

class LifecycleTest : public testing::Test {
protected:
  // What changes as time passes, in steps of the bridge's refresh.
  std::vector<Phase> phases_of(Duration time, std::int64_t participants) {
    std::vector<Phase> out;
    for (const TimePoint end = now + time; now < end; now += 5s)
      while (lifecycle.advance(participants, settings, now)) out.push_back(lifecycle.phase());
    return out;
  }

  Lifecycle lifecycle;
  ShutdownSettings settings;
  TimePoint now{1000s};
};

TEST_F(LifecycleTest, RunsForEverUnlessAskedToEnd) {
  EXPECT_TRUE(phases_of(100h, 0).empty());
  EXPECT_EQ(lifecycle.phase(), Phase::running);
}

// Checklist: 8, 25
TEST_F(LifecycleTest, AGracefulEndWaitsForTheLastParticipantAndThenAMinute) {
  lifecycle.shut_down_gracefully(now);
  EXPECT_EQ(lifecycle.phase(), Phase::graceful_shutdown);
  EXPECT_TRUE(phases_of(3h, 1).empty());
  EXPECT_EQ(phases_of(55s, 0), std::vector{Phase::shutting_down});
  EXPECT_EQ(phases_of(10s, 0), std::vector{Phase::over});
}

TEST_F(LifecycleTest, NobodyHoldsItUpForMoreThanADay) {
  lifecycle.shut_down_gracefully(now);
  EXPECT_TRUE(phases_of(24h, 7).empty());
  EXPECT_EQ(phases_of(2min, 7), (std::vector{Phase::shutting_down, Phase::over}));
}

TEST_F(LifecycleTest, AFewMayBeLeftBehindWhereTheOperatorSaysSo) {
  settings.participants = 2;
  lifecycle.shut_down_gracefully(now);
  EXPECT_TRUE(phases_of(1h, 3).empty());
  EXPECT_EQ(phases_of(5s, 2), std::vector{Phase::shutting_down});
}

// Checklist: 25
TEST_F(LifecycleTest, AForcedEndWaitsForNobody) {
  lifecycle.shut_down_gracefully(now);
  lifecycle.shut_down_now();
  EXPECT_EQ(lifecycle.phase(), Phase::over);
  EXPECT_TRUE(phases_of(1h, 5).empty());
}

TEST_F(LifecycleTest, AskingAgainDoesNotBeginAnew) {
  lifecycle.shut_down_gracefully(now);
  EXPECT_EQ(phases_of(30s, 0), std::vector{Phase::shutting_down});
  lifecycle.shut_down_gracefully(now);
  EXPECT_EQ(lifecycle.phase(), Phase::shutting_down);
}

}  // namespace
}  // namespace cloister::videobridge::signalling
