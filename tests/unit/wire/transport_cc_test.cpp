#include "wire/transport_cc.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

#include "support/hex.h"

namespace cloister::wire {
namespace {

using test::hex;

constexpr TimePoint kStart{1000s + 3ms};

Result<TransportCc, RtcpError> parse(Bytes compound) {
  RtcpReader packets(compound);
  const auto packet = packets.next();
  EXPECT_TRUE(packet);
  return parse_transport_cc(packet.value_or(RtcpPacket{}));
}

std::vector<TransportCc::Packet> packets_of(const TransportCc& feedback) {
  std::vector<TransportCc::Packet> out;
  feedback.for_each([&](const TransportCc::Packet& packet) { out.push_back(packet); });
  return out;
}

// Writes, reads, and compares: each arrival within a tick, everything between reported as lost.
void expect_round_trip(const std::vector<ArrivedPacket>& arrived) {
  std::array<std::byte, 1400> room{};
  ByteWriter out(room);
  ASSERT_EQ(write_transport_cc(out, Ssrc{1}, Ssrc{2}, 3, arrived), arrived.size());
  ASSERT_TRUE(out.ok());
  ASSERT_EQ(out.size() % 4, 0U);
  const auto feedback = parse(out.written());
  ASSERT_TRUE(feedback);
  EXPECT_EQ(feedback->base_sequence, arrived.front().sequence);
  EXPECT_EQ(feedback->feedback_count, 3);
  auto next = arrived.begin();
  for (const TransportCc::Packet& packet : packets_of(*feedback)) {
    if (next == arrived.end() || packet.sequence != next->sequence) {
      EXPECT_FALSE(packet.arrival) << packet.sequence;
      continue;
    }
    ASSERT_TRUE(packet.arrival);
    const Duration error = next->arrival.time_since_epoch() - *packet.arrival;
    EXPECT_GE(error, 0ns);
    EXPECT_LT(error, kTransportCcTick);
    ++next;
  }
  EXPECT_EQ(next, arrived.end());
}

TEST(TransportCc, OnePacket) {
  expect_round_trip({
      {7, kStart}
  });
}

TEST(TransportCc, LongRunsLossesAndReordering) {
  expect_round_trip({
      {1, kStart        },
      {2, kStart + 1ms  },
      {5, kStart + 500us},
      {6, kStart + 200ms}
  });
  std::vector<ArrivedPacket> run;
  for (std::uint16_t i = 0; i < 100; ++i)
    run.push_back({static_cast<std::uint16_t>(0xffc0 + i), kStart + i * 1ms});
  expect_round_trip(run);
}

TEST(TransportCc, AnyMixtureComesBack) {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    std::vector<ArrivedPacket> arrived;
    auto sequence = static_cast<std::uint16_t>(random());
    TimePoint at = kStart;
    for (int i = 0; i < 100; ++i) {
      arrived.push_back({sequence, at});
      sequence = static_cast<std::uint16_t>(sequence + 1 + (random() % 4 == 0 ? random() % 30 : 0));
      at += std::chrono::microseconds(static_cast<int>(random() % 80'000) - 10'000);
    }
    expect_round_trip(arrived);
  }
}

TEST(TransportCc, ADeltaTooLargeGoesIntoTheNextMessage) {
  const std::vector<ArrivedPacket> arrived{
      {1, kStart     },
      {2, kStart + 9s}
  };
  std::array<std::byte, 200> room{};
  ByteWriter out(room);
  EXPECT_EQ(write_transport_cc(out, Ssrc{1}, Ssrc{2}, 0, arrived), 1U);
}

TEST(TransportCc, WhatFindsNoRoomGoesIntoTheNextMessage) {
  std::vector<ArrivedPacket> arrived;
  for (std::uint16_t i = 0; i < 100; ++i) arrived.push_back({i, kStart + i * 1ms});
  std::array<std::byte, 60> room{};
  ByteWriter out(room);
  const std::size_t written = write_transport_cc(out, Ssrc{1}, Ssrc{2}, 0, arrived);
  EXPECT_GT(written, 10U);
  EXPECT_LT(written, 40U);
  EXPECT_TRUE(out.ok());
  EXPECT_EQ(packets_of(*parse(out.written())).size(), written);
}

TEST(TransportCc, ReadsTheDraftsChunkKinds) {
  // Base 5, six packets, reference −1: a run of two received, then a one-bit vector "received, lost, …".
  const auto bytes = hex("8fcd0006 00000001 00000002 0005 0006 ffffff 07  2002 a000  04 08 0c 00000000 00");
  const auto feedback = parse(bytes);
  ASSERT_TRUE(feedback);
  EXPECT_EQ(feedback->reference_time, -1);
  const auto packets = packets_of(*feedback);
  ASSERT_EQ(packets.size(), 6U);
  EXPECT_EQ(packets[0].sequence, 5);
  EXPECT_EQ(packets[0].arrival, Duration(-64ms + 1ms));
  EXPECT_EQ(packets[1].arrival, Duration(-64ms + 3ms));
  EXPECT_EQ(packets[2].arrival, Duration(-64ms + 6ms));
  EXPECT_EQ(packets[3].arrival, std::nullopt);
}

struct Refusal {
  const char* why;
  const char* compound;
  RtcpError error;
};
constexpr Refusal kRefusals[] = {
    {"another format",              "81cd0005 00000001 00000002 0005 0001 000000 00 20010400", RtcpError::wrong_type},
    {"shorter than the fixed part", "8fcd0003 00000001 00000002 00050001",                     RtcpError::truncated },
    {"chunks missing",              "8fcd0005 00000001 00000002 0005 ffff 000000 00 20010400", RtcpError::truncated },
    {"empty runs for ever",         "8fcd0005 00000001 00000002 0005 0001 000000 00 20000000", RtcpError::truncated },
    {"deltas missing",              "8fcd0005 00000001 00000002 0005 0007 000000 00 20070400", RtcpError::truncated },
    {"the reserved symbol",         "8fcd0005 00000001 00000002 0005 0001 000000 00 60010400", RtcpError::bad_field },
};

TEST(TransportCc, RefusesMalformedMessages) {
  for (const auto& [why, compound, error] : kRefusals) {
    SCOPED_TRACE(why);
    const auto feedback = parse(hex(compound));
    ASSERT_FALSE(feedback);
    EXPECT_EQ(feedback.error(), error);
  }
}

}  // namespace
}  // namespace cloister::wire
