#include "videobridge/bandwidth/estimation/estimator.h"

#include <gtest/gtest.h>

#include "unit/videobridge/bandwidth/estimation/bottleneck.h"

namespace cloister::videobridge::bandwidth::estimation {
namespace {

void expect_near_capacity(const Bottleneck& path) {
  const double share =
      static_cast<double>(path.estimator.estimate()) / static_cast<double>(path.line.capacity);
  EXPECT_GE(share, 0.85);
  EXPECT_LE(share, 1.05);
}

// Checklist: 163
TEST(Estimator, FindsTheBottleneckWithinTenSecondsAndStaysThere) {
  for (const std::int64_t capacity : {300'000, 500'000, 1'000'000, 2'500'000, 5'000'000}) {
    for (const Duration delay : {15ms, 100ms, 300ms}) {
      for (const double loss : {0.0, 0.02, 0.05}) {
        SCOPED_TRACE(testing::Message() << capacity << " bit/s, " << delay / 1ms << " ms, loss " << loss);
        Bottleneck path({.capacity = capacity, .delay = delay, .loss = loss});
        path.run(10s);
        for (int second = 0; second < 20; ++second) {
          expect_near_capacity(path);
          path.run(1s);
        }
      }
    }
  }
}

// Checklist: 163
TEST(Estimator, FollowsTheBottleneckDownAndUp) {
  Bottleneck path({.capacity = 5'000'000});
  path.run(10s);
  expect_near_capacity(path);

  path.line.capacity = 500'000;
  path.run(3s);
  EXPECT_LT(path.queue(), 200ms);
  path.run(7s);
  expect_near_capacity(path);

  path.line.capacity = 5'000'000;
  path.run(10s);
  expect_near_capacity(path);
}

TEST(Estimator, SendsLessThanTheEstimateWhileAQueueDrains) {
  Bottleneck path({.capacity = 3'500'000, .queue = 1s});
  path.run(10s);
  EXPECT_EQ(path.estimator.budget(), path.estimator.estimate());
  path.line.capacity = 1'000'000;
  path.run(1s);
  EXPECT_LT(path.estimator.budget(), path.estimator.estimate() * 9 / 10);
  path.run(9s);
  EXPECT_EQ(path.estimator.budget(), path.estimator.estimate());
}

TEST(Estimator, PlansNoProbeUnlessMoreIsWanted) {
  Estimator estimator;
  Outcome packet{.sequence = 1, .bytes = 1000, .sent = TimePoint(1s), .arrival = 5s};
  for (TimePoint now{1s}; now < TimePoint(20s); now += 50ms) {
    packet.sent = now;
    *packet.arrival += 50ms;
    estimator.on_packet(packet);
    estimator.on_report_end(1000, 50ms, now);
    EXPECT_FALSE(estimator.plan_probe(now));
  }
  estimator.set_wanted(kMostRate);
  EXPECT_TRUE(estimator.plan_probe(TimePoint(20s)));
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth::estimation
