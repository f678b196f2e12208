#include "load/reception.h"

#include <gtest/gtest.h>

namespace cloister::load {
namespace {

constexpr TimePoint kStart{100s};
const EndpointId kSpeaker{"speaker"};

class ReceptionTest : public testing::Test {
protected:
  ReceptionTest() {
    reception_.watch(
        {
            {kSpeaker, {.audio = Ssrc{7}}}
    },
        kStart);
    reception_.start(kStart);
  }
  void hear(std::uint16_t sequence, Duration after = 0ms, Duration on_the_way = 3ms, Duration unread = 0ms) {
    std::array<std::byte, 80> payload{};
    write_mark(payload, kStart + after);
    wire::RtpHeader header;
    header.sequence = sequence;
    header.ssrc = Ssrc{7};
    header.payload = payload;
    const TimePoint came = kStart + after + on_the_way;
    reception_.on_rtp(header, came, came + unread);
  }
  void hear_all(std::initializer_list<std::uint16_t> sequences) {
    for (const std::uint16_t sequence : sequences) hear(sequence);
  }
  Received received() const { return reception_.received(kStart + 1s); }

  Reception reception_;
};

TEST_F(ReceptionTest, CountsWhatComesAndHowLate) {
  for (std::uint16_t i = 0; i < 100; ++i) hear(i, i * 20ms, i < 98 ? 2ms : 40ms);
  const Received got = received();
  EXPECT_EQ(got.packets, 100U);
  EXPECT_EQ(got.lost, 0U);
  EXPECT_EQ(got.heard, 1U);
  EXPECT_NEAR(static_cast<double>(got.delay.percentile(0.5) / 1us), 2000, 2000 * 0.04);
  EXPECT_NEAR(static_cast<double>(got.delay.percentile(0.99) / 1us), 40000, 40000 * 0.04);
}

TEST_F(ReceptionTest, WhatItLeavesUnreadIsNotTheBridgesDelay) {
  hear(1, 0ms, 2ms, 50ms);
  EXPECT_LT(received().delay.percentile(0.5), 3ms);
  EXPECT_GE(received().unread.percentile(0.5), 50ms);
}

TEST_F(ReceptionTest, SeesLossAcrossTheWrapOfSequenceNumbers) {
  hear_all({65533, 65534, 2, 3});
  EXPECT_EQ(received().lost, 3U);
  EXPECT_EQ(received().gaps, 1U);
}

TEST_F(ReceptionTest, LatePacketIsNoLossAndADuplicateNoPacketMore) {
  hear_all({1, 2, 4, 3, 3});
  EXPECT_EQ(received().lost, 0U);
  EXPECT_EQ(received().gaps, 1U);
}

TEST_F(ReceptionTest, CountsFromTheBeginningOfTheMeasurement) {
  hear_all({1, 5, 6});
  reception_.start(kStart);
  hear(7);
  EXPECT_EQ(received().packets, 1U);
  EXPECT_EQ(received().lost, 0U);
}

TEST_F(ReceptionTest, SilentTalkerIsNotHeard) {
  EXPECT_EQ(received().talkers, 1U);
  EXPECT_EQ(received().heard, 0U);
}

TEST_F(ReceptionTest, PacketsOfNobodyAreStrays) {
  reception_.forget(kSpeaker);
  hear(1);
  EXPECT_EQ(received().strays, 1U);
}

TEST(DelayHistogram, IsExactToThreePercent) {
  for (const std::int64_t us : {1, 31, 32, 33, 999, 1000, 12345, 59'000'000}) {
    DelayHistogram histogram;
    histogram.add(us * 1us);
    const auto found = static_cast<double>(histogram.percentile(0.5) / 1us);
    EXPECT_GE(found, static_cast<double>(us));
    EXPECT_LE(found, static_cast<double>(us) * 1.04 + 1);
  }
}

}  // namespace
}  // namespace cloister::load
