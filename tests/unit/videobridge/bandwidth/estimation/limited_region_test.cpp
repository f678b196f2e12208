#include "videobridge/bandwidth/estimation/limited_region.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

struct Case {
  std::int64_t percent;  // of the estimate sent
  bool limited;
};
constexpr Case kCases[] = {
    {0,   true },
    {30,  true },
    {60,  true },
    {75,  false},
    {100, false},
    {130, false},
};

TEST(LimitedRegion, IsWhereClearlyLessIsSentThanTheEstimate) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.percent);
    LimitedRegion region;
    for (int i = 0; i < 200; ++i)
      region.update(1'000'000 / 8 / 20 * one.percent / 100, 1'000'000, TimePoint(i * 50ms));
    EXPECT_EQ(region.is_limited(), one.limited);
  }
}

TEST(LimitedRegion, IsLeftWithinASecond) {
  LimitedRegion region;
  for (int i = 0; i < 50; ++i) region.update(0, 1'000'000, TimePoint(i * 50ms));
  ASSERT_TRUE(region.is_limited());
  int reports = 0;
  for (; region.is_limited() && reports < 40; ++reports)
    region.update(6'250, 1'000'000, TimePoint((50 + reports) * 50ms));
  EXPECT_LE(reports, 20);
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth::estimation
