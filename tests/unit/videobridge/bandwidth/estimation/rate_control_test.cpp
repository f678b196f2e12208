#include "videobridge/bandwidth/estimation/rate_control.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

class Control : public testing::Test {
protected:
  // Delivered on average, and what the path did when it was busy, are one here.
  void report(Usage usage, std::optional<std::int64_t> delivered, bool limited = false, int times = 1) {
    for (int i = 0; i < times; ++i) {
      now += 100ms;
      control.update(
          {.usage = usage, .delivered = delivered, .busy = delivered, .limited = limited, .rtt = 50ms}, now);
    }
  }
  TimePoint now{1s};
  RateControl control{1'000'000};
};

TEST_F(Control, FallsBelowWhatThePathCarries) {
  report(Usage::over, 600'000);
  EXPECT_EQ(control.rate(), 540'000);
}

TEST_F(Control, DoesNotFallTwiceForOneQueue) {
  report(Usage::over, 600'000);
  control.update({.usage = Usage::over, .delivered = 550'000, .busy = 550'000, .rtt = 50ms}, now + 20ms);
  EXPECT_EQ(control.rate(), 540'000);
}

TEST_F(Control, KnowsABurstFromAFullPath) {
  now += 100ms;
  control.update({.usage = Usage::over, .delivered = 200'000, .busy = std::nullopt, .rtt = 50ms}, now);
  EXPECT_EQ(control.rate(), 1'000'000) << "nothing had to wait";
  now += 100ms;
  control.update({.usage = Usage::over, .delivered = 200'000, .busy = 1'000'000, .rtt = 50ms}, now);
  EXPECT_EQ(control.rate(), 900'000) << "little was sent, but the path is no slower for it";
}

TEST_F(Control, NeverRisesByAFall) {
  report(Usage::over, 3'000'000);
  EXPECT_EQ(control.rate(), 1'000'000);
}

TEST_F(Control, WaitsWhileAQueueDrains) {
  report(Usage::over, 600'000);
  report(Usage::under, 600'000, false, 10);
  EXPECT_EQ(control.rate(), 540'000);
}

TEST_F(Control, GrowsOnlyAsFarAsWhatWasDeliveredProves) {
  report(Usage::normal, 1'500'000, false, 20);
  EXPECT_GT(control.rate(), 1'100'000);
  EXPECT_LT(control.rate(), 1'250'000) << "8 % a second";
  report(Usage::normal, 1'500'000, false, 200);
  EXPECT_LE(control.rate(), 1'585'000);
}

TEST_F(Control, IsNoGuessAnyMoreOnceMoreWasCarried) {
  control.update({.usage = Usage::normal, .delivered = 400'000, .lasting = 6'000'000, .busy = {}}, now);
  EXPECT_EQ(control.rate(), 6'000'000);
}

TEST_F(Control, KnowsItsLimitBetterThanAMoment) {
  report(Usage::over, 600'000);
  const std::int64_t after = control.rate();
  control.update({.usage = Usage::normal, .delivered = 600'000, .lasting = 900'000, .busy = {}}, now);
  EXPECT_LT(control.rate(), after + 40'000);
}

TEST_F(Control, GrowsInSmallStepsNearAKnownLimit) {
  report(Usage::over, 1'000'000);
  const std::int64_t after = control.rate();
  report(Usage::normal, 1'000'000, false, 11);
  EXPECT_GT(control.rate(), after);
  EXPECT_LT(control.rate(), after + 40'000);
}

TEST_F(Control, StaysWhereItIsWhileTheApplicationIsTheLimit) {
  report(Usage::normal, 1'500'000, true, 50);
  report(Usage::normal, std::nullopt, false, 50);
  EXPECT_EQ(control.rate(), 1'000'000);
}

TEST_F(Control, IsRaisedByProbesAndNotLowered) {
  control.raise_to(2'000'000, now);
  EXPECT_EQ(control.rate(), 2'000'000);
  control.raise_to(500'000, now);
  EXPECT_EQ(control.rate(), 2'000'000);
  control.raise_to(100'000'000, now);
  EXPECT_EQ(control.rate(), 20'000'000);
}

TEST_F(Control, KeepsAMinimum) {
  report(Usage::over, 1'000);
  EXPECT_EQ(control.rate(), 30'000);
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth::estimation
