#include "videobridge/bandwidth/steady_bandwidth.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::bandwidth {
namespace {

struct Step {
  Duration at;
  std::int64_t estimate;
  bool changes;
  std::int64_t used;
};
constexpr Step kSteps[] = {
    {0s,  1000, true,  1000}, // the first always
    {1s,  1140, false, 1000}, // by 14 %
    {2s,  1160, true,  1160},
    {3s,  1000, false, 1160}, // by 14 %
    {4s,  980,  true,  980 },
    {5s,  2000, false, 980 }, // just fallen
    {8s,  2000, false, 980 },
    {9s,  2000, true,  2000},
    {10s, 4000, true,  4000}, // rises may follow each other
    {11s, 1000, true,  1000}, // falls always
    {12s, 500,  true,  500 },
};

// Checklist: 172
TEST(SteadyBandwidth, TakesLargeChangesAndWaitsBeforeItRisesAgain) {
  SteadyBandwidth bandwidth;
  for (const Step& step : kSteps) {
    SCOPED_TRACE(step.at / 1s);
    EXPECT_EQ(bandwidth.on_estimate(step.estimate, TimePoint(1h + step.at)), step.changes);
    EXPECT_EQ(bandwidth.value(), step.used);
  }
}

TEST(SteadyBandwidth, TakesSmallChangesWhereLayersAreAllocatedAnyway) {
  SteadyBandwidth bandwidth;
  bandwidth.refresh(1000, TimePoint(1s));
  bandwidth.refresh(1050, TimePoint(2s));
  EXPECT_EQ(bandwidth.value(), 1050);
  bandwidth.refresh(1000, TimePoint(3s));
  EXPECT_EQ(bandwidth.value(), 1000);
  bandwidth.refresh(1050, TimePoint(4s));
  EXPECT_EQ(bandwidth.value(), 1000) << "just fallen";
  bandwidth.refresh(1050, TimePoint(8s));
  EXPECT_EQ(bandwidth.value(), 1050);
}

TEST(SteadyBandwidth, RisesFarAfterItSankALittle) {
  SteadyBandwidth bandwidth;
  bandwidth.refresh(1000, TimePoint(1s));
  bandwidth.refresh(990, TimePoint(2s));
  EXPECT_TRUE(bandwidth.on_estimate(2000, TimePoint(3s)));
  EXPECT_EQ(bandwidth.value(), 2000);
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth
