#include "videobridge/shard/busy_meter.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace cloister::videobridge::shard {
namespace {

TEST(BusyMeter, ReadsWhatTheKernelWrites) {
  const auto times = parse_schedstat("938561 158517 2\n");
  ASSERT_TRUE(times);
  EXPECT_EQ(times->running, 938561U);
  EXPECT_EQ(times->waiting, 158517U);
  for (const char* nonsense : {"", " ", "1", "1\n", "x 2 3", "1 x 3", "99999999999999999999999 1 1"})
    EXPECT_FALSE(parse_schedstat(nonsense)) << nonsense;
}

TEST(BusyMeter, AThreadThatWaitsForAProcessorIsAsBusyAsOneThatHasIt) {
  BusyMeter meter;
  constexpr std::uint64_t kSecond = 1'000'000'000;
  EXPECT_EQ(meter.measure({.running = 7 * kSecond, .waiting = 0}, TimePoint(10s)), 0);
  EXPECT_DOUBLE_EQ(meter.measure({.running = 8 * kSecond, .waiting = 0}, TimePoint(15s)), 0.2);
  EXPECT_DOUBLE_EQ(meter.measure({.running = 10 * kSecond, .waiting = 3 * kSecond}, TimePoint(20s)), 1);
  EXPECT_DOUBLE_EQ(meter.measure({.running = 10 * kSecond, .waiting = 3 * kSecond}, TimePoint(25s)), 0);
}

TEST(BusyMeter, AThreadOfOursHasTimes) {
  const auto times = processor_times(gettid());
  ASSERT_TRUE(times);
  EXPECT_GT(times->running, 0U);
  EXPECT_FALSE(processor_times(0));
}

}  // namespace
}  // namespace cloister::videobridge::shard
