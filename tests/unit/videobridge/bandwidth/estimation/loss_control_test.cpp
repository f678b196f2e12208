#include "videobridge/bandwidth/estimation/loss_control.h"

#include <gtest/gtest.h>

#include <random>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

class Path {
public:
  void run(Duration length, double loss, std::int64_t delivered, bool calm = true) {
    for (const TimePoint end = now_ + length; now_ < end; now_ += 50ms) {
      for (int i = 0; i < 10; ++i) control.on_packet(chance_(random_) < loss);
      control.update(1'000'000, delivered, calm, now_);
    }
  }
  LossControl control;

private:
  TimePoint now_{1s};
  std::mt19937_64 random_{7};
  std::uniform_real_distribution<> chance_{0, 1};
};

TEST(LossControl, LeavesAPathAloneThatAlwaysLosesSome) {
  for (const double loss : {0.0, 0.02, 0.05, 0.1}) {
    SCOPED_TRACE(loss);
    Path path;
    path.run(60s, loss, 900'000);
    EXPECT_GE(path.control.limit().value_or(1'000'000), 850'000);
    EXPECT_NEAR(path.control.usual_loss(), loss, 0.03);
  }
}

TEST(LossControl, LimitsToWhatGetsThroughWhenLossRises) {
  Path path;
  path.run(10s, 0.02, 900'000);
  path.run(1s, 0.4, 600'000);
  ASSERT_TRUE(path.control.limit());
  EXPECT_LE(*path.control.limit(), 700'000);
  EXPECT_GE(*path.control.limit(), 550'000);
}

TEST(LossControl, IsAlarmedByAFloodFromTheFirstWindowOn) {
  Path path;
  path.run(600ms, 0.7, 300'000);
  ASSERT_TRUE(path.control.limit());
  EXPECT_LE(*path.control.limit(), 450'000);
}

TEST(LossControl, LetsGoWhenItIsGoodAgain) {
  Path path;
  path.run(10s, 0.0, 900'000);
  path.run(1s, 0.5, 500'000);
  ASSERT_TRUE(path.control.limit());
  path.run(15s, 0.0, 900'000);
  EXPECT_GE(path.control.limit().value_or(1'000'000), 1'000'000);
}

TEST(LossControl, DoesNotLetGoWhileAQueueStands) {
  Path path;
  path.run(10s, 0.0, 900'000);
  path.run(1s, 0.5, 500'000);
  const auto limit = path.control.limit();
  ASSERT_TRUE(limit);
  path.run(15s, 0.0, 500'000, false);
  EXPECT_EQ(path.control.limit(), limit);
}

TEST(LossControl, BelievesAProbe) {
  Path path;
  path.run(10s, 0.0, 900'000);
  path.run(1s, 0.5, 500'000);
  path.control.raise_to(900'000);
  EXPECT_EQ(path.control.limit(), 900'000);
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth::estimation
