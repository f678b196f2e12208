#include "videobridge/shard/read_rhythm.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::shard {
namespace {

// A port to which a datagram comes every `gap`, read whenever the rhythm lets it; reading takes no time.
struct Port {
  ReadRhythm rhythm;
  TimePoint now{1h};
  TimePoint next_arrival = now;
  std::size_t reads = 0;
  Duration longest_wait{};
  std::size_t largest = 1200;  // bytes

  void run(Duration gap, Duration time) {
    const TimePoint end = now + time;
    reads = 0;
    longest_wait = {};
    while (now < end) {
      now = std::max(now, next_arrival);
      longest_wait = std::max(longest_wait, now - next_arrival);
      std::size_t count = 0;
      for (; next_arrival <= now; next_arrival += gap) ++count;
      rhythm.on_batch(count, largest, now);
      ++reads;
      if (const auto end_of_rest = rhythm.rest_until(now)) now = *end_of_rest;
    }
  }
};

TEST(ReadRhythm, ReadsAtOnceWhereLittleComes) {
  Port port;
  port.run(1ms, 1s);
  EXPECT_GE(port.reads, 1000U);
  EXPECT_EQ(port.longest_wait, 0ms);
}

TEST(ReadRhythm, BundlesVoicesOfAFullRoomAndLetsNoneWaitLong) {
  Port port;
  port.run(200us, 200ms);
  port.run(200us, 1s);
  EXPECT_LE(port.reads, 700U) << "of five thousand";
  EXPECT_LE(port.longest_wait, ReadRhythm::kLongest);
}

TEST(ReadRhythm, VoicesAloneMayWaitLongerUntilTheFirstPictureComes) {
  Port port;
  port.largest = 120;
  port.run(200us, 200ms);
  port.run(200us, 1s);
  EXPECT_LE(port.reads, 260U);
  EXPECT_LE(port.longest_wait, ReadRhythm::kLongestOfVoices);
  port.largest = 1200;
  port.run(200us, 100ms);
  port.run(200us, 1s);
  EXPECT_LE(port.longest_wait, ReadRhythm::kLongest);
}

TEST(ReadRhythm, RestsTheShorterTheMoreComes) {
  Port port;
  port.run(10us, 200ms);
  port.run(10us, 1s);
  EXPECT_LE(port.longest_wait, 330us);
  EXPECT_LE(port.reads, 3300U);
}

TEST(ReadRhythm, DoesNotRestWhenReadsAreLargeAnyway) {
  Port port;
  port.run(500ns, 200ms);
  EXPECT_EQ(port.rhythm.rest_until(port.now), std::nullopt);
}

TEST(ReadRhythm, WakesWhenTheRoomFallsSilent) {
  Port port;
  port.run(200us, 200ms);
  ASSERT_TRUE(port.rhythm.busy());
  port.run(10ms, 200ms);
  EXPECT_FALSE(port.rhythm.busy());
  port.run(10ms, 200ms);
  EXPECT_EQ(port.longest_wait, 0ms);
}

TEST(ReadRhythm, AWordAfterSilenceIsReadAtOnce) {
  Port port;
  port.run(200us, 200ms);
  port.now += 1s;
  port.next_arrival = port.now;
  port.run(200us, 1ms);
  EXPECT_EQ(port.longest_wait, 0ms);
}

// What was read was a lot: the work took as long as the rest would have.
TEST(ReadRhythm, WhoIsBehindDoesNotRest) {
  Port port;
  port.run(200us, 200ms);
  port.rhythm.on_batch(30, 1200, port.now);
  EXPECT_EQ(port.rhythm.rest_until(port.now + ReadRhythm::kLongest), std::nullopt);
  port.rhythm.on_batch(30, 1200, port.now + 5ms);
  EXPECT_EQ(port.rhythm.rest_until(port.now + 6ms), port.now + 5ms + ReadRhythm::kLongest)
      << "once it has caught up it rests again";
}

}  // namespace
}  // namespace cloister::videobridge::shard
