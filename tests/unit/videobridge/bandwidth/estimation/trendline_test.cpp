#include "videobridge/bandwidth/estimation/trendline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

// Groups every 30 ms; `later` is what each takes longer than the one before.
class Way {
public:
  Usage pass(int groups, Duration later, Duration jitter = 0ms) {
    for (int i = 0; i < groups; ++i) {
      const Duration shake(static_cast<std::int64_t>(std::uniform_real_distribution<>(0, 1)(random_) *
                                                     static_cast<double>(jitter.count())));
      const Duration arrival = 30ms + later + shake - last_shake_;
      last_shake_ = shake;
      at_ += arrival;
      if (line.add({30ms, arrival, at_}) == Usage::over) ++times_over;
    }
    return line.usage();
  }
  Trendline line;
  int times_over = 0;

private:
  Duration at_{};
  Duration last_shake_{};
  std::mt19937_64 random_{1};
};

struct Case {
  const char* why;
  Duration later;
  Usage usage;
};
constexpr Case kCases[] = {
    {"always as long",          0ms,  Usage::normal},
    {"a queue grows",           5ms,  Usage::over  },
    {"a queue grows slowly",    2ms,  Usage::over  },
    {"clocks drift by 100 ppm", 3us,  Usage::normal},
    {"a queue drains",          -5ms, Usage::under },
};

TEST(Trendline, TellsAGrowingQueueFromADrainingOne) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.why);
    Way way;
    way.pass(40, 0ms);
    way.pass(30, one.later);
    if (one.usage == Usage::over) {
      EXPECT_GT(way.times_over, 0);
    } else {
      EXPECT_EQ(way.line.usage(), one.usage);
      EXPECT_EQ(way.times_over, 0);
    }
  }
}

TEST(Trendline, WatchesAQuietPathClosely) {
  Way way;
  EXPECT_EQ(way.line.threshold(), 12.5);
  way.pass(300, 0ms, 30ms);
  EXPECT_EQ(way.line.threshold(), 6.0);
  EXPECT_LE(way.times_over, 3);
}

TEST(Trendline, GetsUsedToARestlessPath) {
  Way way;
  way.pass(100, 0ms);
  double most = 0;
  for (int wave = 0; wave < 20; ++wave) {
    way.pass(15, 3ms);
    most = std::max(most, way.line.threshold());
    way.pass(15, -3ms);
  }
  EXPECT_GT(most, 7.0);
}

TEST(Trendline, SeesAStepWithinAFewFrames) {
  Way way;
  way.pass(60, 0ms);
  int groups = 0;
  while (way.times_over == 0 && groups < 30) {
    way.pass(1, 20ms);
    ++groups;
  }
  EXPECT_LE(groups, 8);
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth::estimation
