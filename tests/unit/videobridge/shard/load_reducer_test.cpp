#include "videobridge/shard/load_reducer.h"

#include <gtest/gtest.h>

#include <vector>

namespace cloister::videobridge::shard {
namespace {

using bandwidth::kUnlimited;

class LoadReducerTest : public testing::Test {
protected:
  // The limits that follow when the load stays so, each once.
  std::vector<int> limits_under(double load, Duration time, int largest = 30) {
    std::vector<int> out;
    for (const TimePoint end = now + time; now < end; now += 5s)
      if (reducer.measure(load, largest, settings, now)) out.push_back(reducer.last_n());
    return out;
  }

  LoadReducer reducer;
  LoadSettings settings;
  TimePoint now{1000s};
};

TEST_F(LoadReducerTest, WithoutOverloadNothingIsShed) {
  EXPECT_TRUE(limits_under(0.89, 10min).empty());
  EXPECT_EQ(reducer.last_n(), kUnlimited);
}

TEST_F(LoadReducerTest, OneBusyMomentIsNoOverload) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(limits_under(0.99, 5s).empty());
    EXPECT_TRUE(limits_under(0.3, 5s).empty());
  }
}

// Checklist: 220, 224
TEST_F(LoadReducerTest, UnderOverloadVideosGoAQuarterAtATimeUntilOnlyAudioIsLeft) {
  EXPECT_EQ(limits_under(0.95, 2min), (std::vector{21, 15, 11, 8, 6, 4, 3, 2, 1, 0}));
}

TEST_F(LoadReducerTest, InALargeConferenceItBeginsWithWhatIsShownAtMost) {
  EXPECT_EQ(limits_under(0.95, 10s, 500), std::vector{30});
}

// Checklist: 224
TEST_F(LoadReducerTest, BetweenTheTwoThresholdsItStaysAsItIs) {
  limits_under(0.95, 15s);
  EXPECT_TRUE(limits_under(0.8, 1h).empty());
  EXPECT_EQ(reducer.last_n(), 15);
}

// Checklist: 224
TEST_F(LoadReducerTest, VideosComeBackSlowlyAndInTheEndAll) {
  EXPECT_EQ(limits_under(0.95, 25s), (std::vector{21, 15, 11, 8}));
  EXPECT_TRUE(limits_under(0.3, 25s).empty()) << "not before half a minute";
  EXPECT_EQ(limits_under(0.3, 5min), (std::vector{10, 12, 15, 18, 22, 27, kUnlimited}));
}

TEST_F(LoadReducerTest, OverloadWhileTheyComeBackBeginsAnew) {
  limits_under(0.95, 25s);
  limits_under(0.3, 35s);
  ASSERT_EQ(reducer.last_n(), 10);
  EXPECT_EQ(limits_under(0.95, 10s), std::vector{7});
  EXPECT_TRUE(limits_under(0.3, 25s).empty());
}

TEST_F(LoadReducerTest, SwitchedOffItLetsGoAtOnce) {
  limits_under(0.95, 20s);
  settings.shedding = false;
  EXPECT_EQ(limits_under(0.95, 1min), std::vector{kUnlimited});
}

TEST_F(LoadReducerTest, WhereNobodyIsSeenThereIsNothingToShed) {
  EXPECT_TRUE(limits_under(0.95, 1min, 1).empty());
}

}  // namespace
}  // namespace cloister::videobridge::shard
