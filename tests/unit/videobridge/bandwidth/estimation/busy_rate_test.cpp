#include "videobridge/bandwidth/estimation/busy_rate.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

// Bursts of packets of 1000 bytes, `packets` at once every 100 ms, over a line of 1 Mbit/s: 8 ms each.
std::optional<std::int64_t> after_bursts_of(int packets, Duration pause = 0ms) {
  BusyRate busy;
  Duration arrival{};
  for (int burst = 0; burst < 20; ++burst) {
    arrival = std::max<Duration>(arrival, burst * 100ms);
    for (int i = 0; i < packets; ++i)
      busy.on_packet(arrival += 8ms, 1000, std::max<Duration>(arrival - burst * 100ms - 8ms, 0ms));
    busy.update(TimePoint(burst * 100ms));
  }
  busy.update(TimePoint(2s + pause / 2));
  busy.update(TimePoint(2s + pause));
  return busy.value();
}

TEST(BusyRate, IsThePathsHoweverLittleIsSent) {
  for (const int packets : {6, 10, 12, 20}) {
    SCOPED_TRACE(packets);
    const auto rate = after_bursts_of(packets);
    ASSERT_TRUE(rate);
    EXPECT_EQ(*rate, 1'000'000);
  }
}

TEST(BusyRate, CountsWhatComesInOneMomentWhole) {
  BusyRate busy;
  for (int pair = 1; pair <= 10; ++pair)
    for (int i = 0; i < 2; ++i) busy.on_packet(pair * 16ms, 1000, 100ms);
  ASSERT_TRUE(busy.value());
  EXPECT_EQ(*busy.value(), 1'000'000) << "two packets each 16 ms";
}

TEST(BusyRate, IsNotKnownWhereNothingWaits) {
  EXPECT_FALSE(after_bursts_of(1));
  EXPECT_FALSE(after_bursts_of(2));
}

TEST(BusyRate, IsForgottenAfterAWhile) { EXPECT_FALSE(after_bursts_of(20, 1s)); }

}  // namespace
}  // namespace cloister::videobridge::bandwidth::estimation
