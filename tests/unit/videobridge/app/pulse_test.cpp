#include "videobridge/app/pulse.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::app {
namespace {

TEST(Pulse, ARoundIsOverWhenAllHaveAnswered) {
  Pulse pulse(2);
  EXPECT_TRUE(pulse.complete());
  const auto round = pulse.begin(TimePoint(10s));
  ASSERT_TRUE(round);
  EXPECT_FALSE(pulse.complete());
  pulse.on_answer(0, *round);
  EXPECT_FALSE(pulse.complete());
  EXPECT_FALSE(pulse.begin(TimePoint(11s))) << "one question at a time";
  pulse.on_answer(1, *round);
  EXPECT_TRUE(pulse.complete());
  EXPECT_TRUE(pulse.begin(TimePoint(12s)));
}

// Checklist: 12, 20
TEST(Pulse, AThreadThatDoesNotAnswerIsUnhealthyUntilItDoes) {
  Pulse pulse(2);
  const auto round = pulse.begin(TimePoint(10s));
  pulse.on_answer(0, *round);
  EXPECT_TRUE(pulse.healthy(TimePoint(13s)));
  EXPECT_FALSE(pulse.healthy(TimePoint(13s + 1ms)));
  pulse.on_answer(1, *round);
  EXPECT_TRUE(pulse.healthy(TimePoint(14s)));
}

TEST(Pulse, AnAnswerToAnEarlierQuestionIsNone) {
  Pulse pulse(1);
  const auto first = pulse.begin(TimePoint(10s));
  pulse.on_answer(0, *first);
  pulse.begin(TimePoint(12s));
  pulse.on_answer(0, *first);
  EXPECT_FALSE(pulse.complete());
}

}  // namespace
}  // namespace cloister::videobridge::app
