#include "videobridge/media/outgoing/pacer.h"

#include <gtest/gtest.h>

#include "videobridge/media/outgoing/send_stream.h"

namespace cloister::videobridge::media {
namespace {

constexpr std::size_t kPacket = 1'000;

class PacerTest : public testing::Test {
protected:
  // Sends or holds back so many packets at once; gives how many left.
  int burst(int packets) {
    int left = 0;
    for (int i = 0; i < packets; ++i) {
      if (pacer.must_wait(now)) {
        pushed_all = pacer.push(stream, next++, now) && pushed_all;
      } else {
        pacer.on_sent(kPacket, now);
        ++left;
      }
    }
    return left;
  }
  // Steps until nothing waits; gives how long that took.
  Duration drain() {
    const TimePoint begun = now;
    while (const auto due = pacer.next_due()) {
      now = *due;
      while (pacer.pop(now)) {
        pacer.on_sent(kPacket, now);
        ++released;
      }
    }
    return now - begun;
  }

  Pacer pacer;
  SendStream stream{Ssrc{1}, std::nullopt, MediaKind::video};
  TimePoint now{1s};
  std::uint16_t next = 0;
  int released = 0;
  bool pushed_all = true;
};

TEST_F(PacerTest, HoldsNothingBackWhileThePathIsUnknown) {
  EXPECT_EQ(burst(10'000), 10'000);
  EXPECT_FALSE(pacer.next_due());
}

TEST_F(PacerTest, LetsFramesPassThatFitTheShare) {
  pacer.set_rate(2'500'000);
  for (int frame = 0; frame < 100; ++frame) {
    EXPECT_EQ(burst(10), 10) << "10 kB every 33 ms are 2.4 Mbit/s";
    now += 33ms;
  }
}

// Checklist: 173
TEST_F(PacerTest, SpreadsAKeyFrame) {
  pacer.set_rate(1'000'000);
  EXPECT_EQ(burst(30), 6) << "40 ms of the path, and the packet that passes the mark";
  EXPECT_TRUE(pushed_all);
  const Duration took = drain();
  EXPECT_EQ(released, 24);
  EXPECT_GE(took, 65ms) << "24 kB at 2.5 Mbit/s, less a packet at each end";
  EXPECT_LE(took, 90ms);
}

TEST_F(PacerTest, ReleasesInOrderAndInSteps) {
  pacer.set_rate(1'000'000);
  burst(30);
  std::uint16_t expected = 0;
  while (const auto due = pacer.next_due()) {
    EXPECT_EQ(*due - now, Pacer::kStep);
    now = *due;
    std::size_t step = 0;
    while (const auto next_one = pacer.pop(now)) {
      EXPECT_EQ(next_one->sequence, expected++);
      pacer.on_sent(kPacket, now);
      ++step;
    }
    EXPECT_LE(step, 2U);
  }
}

TEST_F(PacerTest, SaysWhenItIsTimeToBeginAnew) {
  pacer.set_rate(30'000);
  burst(300);
  EXPECT_FALSE(pushed_all) << "more than the ring holds";
  while (pacer.take()) {
  }
  EXPECT_EQ(pacer.waiting(), 0U);
  pushed_all = true;
  burst(10);
  EXPECT_TRUE(pushed_all);
  now += Pacer::kLongestWait + 1ms;
  burst(1);
  EXPECT_FALSE(pushed_all) << "the oldest waits too long";
}

TEST_F(PacerTest, ForgetsAStreamThatEnds) {
  SendStream other{Ssrc{2}, std::nullopt, MediaKind::video};
  pacer.set_rate(100'000);
  burst(5);
  pacer.push(other, 77, now);
  burst(5);
  pacer.forget(stream);
  EXPECT_EQ(pacer.waiting(), 1U);
  EXPECT_EQ(pacer.take()->sequence, 77);
}

}  // namespace
}  // namespace cloister::videobridge::media
