// When a meeting is being stormed, and for how long that is remembered. Stepped time.
#include "focus/rights/crowd.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace cloister::focus::rights {
namespace {

class CrowdTest : public testing::Test {
protected:
  // `count` newcomers, one every `gap`, from one network or each from its own; whether one of them was an
  // alarm.
  bool come(int count, Duration gap, bool own_networks = false) {
    bool alarm = false;
    for (int i = 0; i < count; ++i) {
      clock.advance(gap);
      alarm |= crowd.on_arrivals(
          {
              {.tag = own_networks ? std::to_string(i) : "same", .joins = 1}
      },
          clock.now());
    }
    return alarm;
  }

  const CrowdSettings settings{};
  support::FakeClock clock;
  Crowd crowd{settings};
};

TEST_F(CrowdTest, AClassThatComesOnTimeIsNoStorm) {
  EXPECT_FALSE(come(50, 1s)) << "fifty within a minute";
  clock.advance(60s);
  EXPECT_FALSE(come(25, 1s, true)) << "from home";
  EXPECT_FALSE(crowd.is_strict());
  EXPECT_FALSE(crowd.next_wakeup());
}

TEST_F(CrowdTest, ALectureThatFillsSlowlyIsNoStorm) {
  EXPECT_FALSE(come(500, 1200ms)) << "fifty a minute for ten minutes";
}

TEST_F(CrowdTest, MoreThanFiftyWithinAMinuteAreOne) {
  EXPECT_FALSE(come(50, 1s));
  EXPECT_TRUE(come(1, 1s));
  EXPECT_TRUE(crowd.is_strict());
}

TEST_F(CrowdTest, ManyNetworksAtOnceAreOne) {
  EXPECT_FALSE(come(30, 1s, true));
  EXPECT_TRUE(crowd.on_arrivals(
      {
          {.tag = "one more", .joins = 1}
  },
      clock.now()));
}

TEST_F(CrowdTest, ManyAtOnceCountEachOne) {
  EXPECT_TRUE(crowd.on_arrivals(
      {
          {.tag = "a", .joins = 30},
          {.tag = "b", .joins = 21}
  },
      clock.now()));
}

TEST_F(CrowdTest, HalfIsEnoughForTwoHoursAfterwards) {
  ASSERT_TRUE(come(51, 1ms));
  EXPECT_FALSE(come(25, 1s));
  EXPECT_TRUE(come(1, 1s)) << "again";
  clock.advance(2h - 1s);
  EXPECT_FALSE(crowd.on_wakeup(clock.now()));
  EXPECT_TRUE(crowd.is_strict());
  clock.advance(1s);
  EXPECT_EQ(crowd.next_wakeup(), clock.now());
  EXPECT_TRUE(crowd.on_wakeup(clock.now()));
  EXPECT_FALSE(crowd.is_strict());
  EXPECT_FALSE(come(50, 1s)) << "as before";
}

TEST_F(CrowdTest, AnAlarmIsRaisedOnceForItsNewcomers) {
  ASSERT_TRUE(come(51, 1ms));
  EXPECT_FALSE(crowd.on_arrivals({}, clock.now()));
  EXPECT_FALSE(come(25, 1ms));
}

TEST_F(CrowdTest, MemoryIsBounded) {
  const CrowdSettings patient{.joins = 6000, .networks = 6000};
  Crowd many{patient};
  for (int i = 0; i < 20'000; ++i)
    ASSERT_FALSE(many.on_arrivals(
        {
            {.tag = std::to_string(i), .joins = 1}
    },
        clock.now()))
        << "more are remembered than five thousand";
  EXPECT_TRUE(many.on_arrivals(
      {
          {.tag = "many", .joins = 1002}
  },
      clock.now()))
      << "they are counted";
}

}  // namespace
}  // namespace cloister::focus::rights
