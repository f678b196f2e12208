#include "videobridge/media/incoming/receive_stream.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::media {
namespace {

constexpr TimePoint kStart{1000s};

TEST(DuplicateFilter, KnowsTheLast1500) {
  DuplicateFilter filter;
  for (std::int64_t n = 100'000; n < 105'000; ++n) EXPECT_EQ(filter.on_packet(n), Arrival::fresh);
  EXPECT_EQ(filter.on_packet(104'999), Arrival::duplicate);
  EXPECT_EQ(filter.on_packet(104'999 - 1499), Arrival::duplicate);
  EXPECT_EQ(filter.on_packet(104'999 - 1500), Arrival::too_old);
  EXPECT_EQ(filter.on_packet(105'010), Arrival::fresh);
  EXPECT_EQ(filter.on_packet(105'005), Arrival::fresh);
  EXPECT_EQ(filter.on_packet(105'005), Arrival::duplicate);
}

// RFC 3550 §A.3: one of four lost.
TEST(ReceiveStatistics, CountsLossPerIntervalAndInTotal) {
  ReceiveStatistics statistics;
  for (const std::int64_t n : {0x10000, 0x10001, 0x10003}) statistics.on_packet(n, 0, 90000, kStart);
  EXPECT_TRUE(statistics.active());
  wire::ReportBlock block = statistics.report(Ssrc{5}, kStart);
  EXPECT_EQ(block.ssrc, Ssrc{5});
  EXPECT_EQ(block.fraction_lost, 64);
  EXPECT_EQ(block.cumulative_lost, 1);
  EXPECT_EQ(block.highest_sequence, 3U);
  EXPECT_EQ(block.last_sr, 0U);
  EXPECT_FALSE(statistics.active());

  statistics.on_packet(0x10002, 0, 90000, kStart);  // late, not lost
  statistics.on_packet(0x10004, 0, 90000, kStart);
  block = statistics.report(Ssrc{5}, kStart);
  EXPECT_EQ(block.fraction_lost, 0);
  EXPECT_EQ(block.cumulative_lost, 0);
}

TEST(ReceiveStatistics, TellsHowLongAgoTheSenderReportWas) {
  ReceiveStatistics statistics;
  statistics.on_packet(0x10000, 0, 90000, kStart);
  statistics.on_sender_report({.ssrc = Ssrc{5}, .ntp = 0x1111222233334444}, kStart);
  const wire::ReportBlock block = statistics.report(Ssrc{5}, kStart + 500ms);
  EXPECT_EQ(block.last_sr, 0x22223333U);
  EXPECT_EQ(block.delay_since_last_sr, 32768U);
}

TEST(ReceiveStatistics, JitterGrowsWithUnevenArrivalOnly) {
  ReceiveStatistics even;
  ReceiveStatistics uneven;
  for (int i = 0; i < 200; ++i) {
    const auto timestamp = static_cast<std::uint32_t>(i * 3000);
    const TimePoint at = kStart + i * 33'333us;
    even.on_packet(0x10000 + i, timestamp, 90000, at);
    uneven.on_packet(0x10000 + i, timestamp, 90000, at + (i % 2) * 10ms);
  }
  EXPECT_LT(even.report(Ssrc{1}, kStart).jitter, 100U);
  EXPECT_NEAR(uneven.report(Ssrc{1}, kStart).jitter, 900, 100);
}

TEST(ReceiveStream, AFarJumpBeginsAnew) {
  ReceiveStream stream(Ssrc{1});
  const std::int64_t first = stream.unwrap(100, Route::direct);
  EXPECT_EQ(stream.on_sequence(first), Arrival::fresh);
  stream.close_gap(stream.unwrap(101, Route::direct));
  EXPECT_EQ(stream.renumber(stream.unwrap(102, Route::direct)), 101);
  const std::int64_t restarted = stream.unwrap(40000, Route::direct);
  EXPECT_EQ(stream.on_sequence(restarted), Arrival::fresh);
  EXPECT_EQ(stream.renumber(restarted), 40000);
}

}  // namespace
}  // namespace cloister::videobridge::media
