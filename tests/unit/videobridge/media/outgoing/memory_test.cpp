// What one receiver's memory of sent packets takes: a bridge has one for each stream to each receiver.
#include <gtest/gtest.h>

#include "support/heap.h"
#include "unit/videobridge/media/media_support.h"
#include "videobridge/media/outgoing/packet_cache.h"
#include "videobridge/media/outgoing/report_history.h"
#include "videobridge/media/outgoing/sent_packets.h"

namespace cloister::videobridge::media {
namespace {

using test::kStart;

// A sender's packets into one receiver's cache; the pool's own memory is taken beforehand.
class PacketCacheTest : public testing::Test {
protected:
  PacketCacheTest() {
    std::vector<net::Packet> all;
    for (int i = 0; i < 2000; ++i) all.push_back(pool_.acquire());
  }
  // Every `step` one packet, `count` times.
  void send(int count, Duration step) {
    for (int i = 0; i < count; ++i, now_ += step) {
      ParsedPacket packet;
      packet.packet = pool_.acquire();
      packet.packet.resize(100);
      set_u16(packet.packet.bytes(), 50, next_);
      packet.header.payload = std::as_const(packet.packet).bytes().subspan(50, 20);
      packet.header.payload_type = test::kVp8;
      packet.kept[0] = {ExtensionKind::video_orientation,
                        std::as_const(packet.packet).bytes().subspan(20, 1)};
      packet.kept_count = 1;
      const Rewrite rewrite{
          .sequence = next_, .marker = next_ % 3 == 0, .timestamp = next_ * 7U, .codec = {}};
      cache_.put(packet, rewrite, now_);
      ++next_;
    }
  }

  net::PacketPool pool_{2000};
  PacketCache cache_;
  std::uint16_t next_ = 65000;  // over the wrap
  TimePoint now_ = kStart;
};

TEST_F(PacketCacheTest, AFastStreamsLastFiveHundredAreRepeatedAsTheyWereSent) {
  send(2000, 2ms);
  for (int back = 1; back <= 500; ++back) {
    const auto sequence = static_cast<std::uint16_t>(next_ - back);
    const CachedPacket* packet = cache_.find(sequence);
    ASSERT_NE(packet, nullptr) << back;
    EXPECT_EQ(get_u16(packet->payload(), 0), sequence);
    EXPECT_EQ(packet->payload_type(), test::kVp8);
    EXPECT_EQ(packet->rewrite().timestamp, sequence * 7U);
    EXPECT_EQ(packet->rewrite().marker, sequence % 3 == 0);
    std::array<KeptExtension, kMaxKept> kept;
    ASSERT_EQ(packet->kept(kept), 1U);
    EXPECT_EQ(kept[0].kind, ExtensionKind::video_orientation);
    EXPECT_EQ(kept[0].data.size(), 1U);
  }
  EXPECT_EQ(cache_.find(static_cast<std::uint16_t>(next_ - 600)), nullptr);
}

TEST_F(PacketCacheTest, ASlowStreamTakesLittleAndNoneWhenNothingIsSent) {
  const std::size_t before = support::bytes_in_use();
  send(100, 100ms);  // twenty of them in two seconds
  EXPECT_LE(support::bytes_in_use() - before, 2048U);
  EXPECT_NE(cache_.find(static_cast<std::uint16_t>(next_ - 20)), nullptr);
  now_ += 3s;
  EXPECT_FALSE(cache_.expire(now_));
  EXPECT_EQ(pool_.in_use(), 0U);
  EXPECT_LE(support::bytes_in_use(), before);
  EXPECT_EQ(cache_.find(static_cast<std::uint16_t>(next_ - 1)), nullptr);
}

TEST_F(PacketCacheTest, AStreamOf150PacketsASecondTakes12Kilobytes) {
  const std::size_t before = support::bytes_in_use();
  send(600, 6'667us);
  EXPECT_LE(support::bytes_in_use() - before, 12U * 1024);
}

TEST_F(PacketCacheTest, WhenItWasSentLastIsKnownToTheMillisecond) {
  send(1, 0ms);
  CachedPacket* packet = cache_.find(static_cast<std::uint16_t>(next_ - 1));
  ASSERT_NE(packet, nullptr);
  EXPECT_EQ(packet->last_sent(), kStart);
  packet->on_resent(kStart + 123'400us);
  EXPECT_EQ(packet->first_sent(), kStart);
  EXPECT_EQ(packet->last_sent(), kStart + 123ms);
}

wire::TransportCc feedback_about(std::uint16_t first, int count, TimePoint arrival,
                                 std::vector<std::byte>& room) {
  std::vector<wire::ArrivedPacket> arrived;
  for (int i = 0; i < count; ++i)
    arrived.push_back({static_cast<std::uint16_t>(first + i), arrival + i * 1ms});
  room.resize(4096);
  ByteWriter out(room);
  EXPECT_EQ(wire::write_transport_cc(out, Ssrc{1}, Ssrc{2}, 0, arrived), arrived.size());
  return *wire::parse_transport_cc(test::first_rtcp(out.written()));
}

TEST(SentPackets, AReportSoonAfterTakesHalfAKilobyte) {
  std::vector<std::byte> room(4096);
  const std::size_t before = support::bytes_in_use();
  SentPackets sent;
  TimePoint now = kStart;
  for (int report = 0; report < 100; ++report) {
    const std::uint16_t first = sent.next();
    for (int i = 0; i < 15; ++i) sent.record(1000, now += 7ms);
    const auto feedback = feedback_about(first, 15, now, room);
    std::size_t known = 0;
    EXPECT_EQ(sent.on_feedback(feedback, now, [&](const auto&) { ++known; }), 0U);
    EXPECT_EQ(known, 15U);
  }
  EXPECT_LE(support::bytes_in_use() - before, 1024U);
}

TEST(SentPackets, WhatIsNotReportedYetIsRememberedHoweverManyTheyAre) {
  SentPackets sent;
  const std::uint16_t first = sent.next();
  for (int i = 0; i < 1500; ++i) sent.record(static_cast<std::size_t>(100 + i % 7), kStart);
  std::vector<std::byte> room;
  const auto feedback = feedback_about(first, 1000, kStart, room);
  std::size_t at = 0;
  EXPECT_EQ(sent.on_feedback(feedback, kStart + 50ms,
                             [&](const SentPackets::Outcome& packet) {
                               EXPECT_EQ(packet.sequence, static_cast<std::uint16_t>(first + at));
                               EXPECT_EQ(packet.bytes, 100 + at % 7);
                               ++at;
                             }),
            0U);
  EXPECT_EQ(at, 1000U);
}

TEST(ReportHistory, OldReportsMakeRoom) {
  const std::size_t before = support::bytes_in_use();
  ReportHistory history;
  TimePoint now = kStart;
  for (std::uint32_t i = 1; i <= 1000; ++i, now += 1s)
    history.on_sent({.ssrc = Ssrc{7}, .ntp = std::uint64_t{i} << 16}, now);
  EXPECT_LE(support::bytes_in_use() - before, 768U);
  EXPECT_EQ(history.round_trip({.ssrc = Ssrc{7}, .last_sr = 995}, now), 6s);
}

}  // namespace
}  // namespace cloister::videobridge::media
