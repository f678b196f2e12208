// Feedback, probes and pacing as a receiver sees them.
#include <gtest/gtest.h>

#include "unit/videobridge/media/media_support.h"

namespace cloister::videobridge::media {
namespace {

using test::kStart;
using test::Received;

constexpr Layer kLow{.encoding = 0, .temporal = 2};

struct NoConference final : OutgoingMedia::Conference {
  bool request_key_frame(const Source&, std::uint8_t, TimePoint) override {
    ++key_frames;
    return true;
  }
  void on_slots_changed(MediaKind, std::span<const SlotMapping>) override {}
  int key_frames = 0;
};

class Probing : public testing::Test {
protected:
  void SetUp() override {
    media.set_payload_types(test::usual_payloads());
    media.set_extensions(test::usual_extensions());
    media.add_source(source, now);
    media.set_target(source, kLow);
  }
  // A frame of packets that are small as tests have them.
  std::vector<Received> send_frame(std::uint8_t packets, bool key = false) {
    for (const auto& datagram : camera.write({.key = key, .packets = packets})) {
      ParsedPacket packet;
      packet.packet = pool.acquire();
      packet.packet.resize(datagram.size());
      std::ranges::copy(datagram, packet.packet.bytes().begin());
      packet.header = *wire::parse_rtp(std::as_const(packet.packet).bytes());
      packet.format = payloads.find(packet.header.payload_type);
      packet.source = &source;
      packet.arrival = now;
      packet.vp8 = *wire::parse_vp8(packet.header.payload);
      packet.key_frame = packet.vp8->key_frame;
      packet.key_frames_known = true;
      media.forward(packet, now);
    }
    return take();
  }
  // From then on the first guess counts as the path's share.
  void end_guessing() {
    send_frame(2, true);
    report();
    wait(1100ms);
    send_frame(1);
    report();
  }
  // Remembers the transport-wide numbers of what went out.
  std::vector<Received> take() {
    auto out = port.take_rtp();
    for (const Received& packet : out)
      if (const auto number = packet.extension(test::kTransportCcId))
        unreported.push_back({get_u16(*number, 0), now + 10ms});
    return out;
  }
  void report() {
    if (unreported.empty()) return;
    std::array<std::byte, 1200> room{};
    ByteWriter out(room);
    wire::write_transport_cc(out, Ssrc{1}, Ssrc{1}, count++, unreported);
    unreported.clear();
    now += 20ms;
    media.on_transport_cc(*wire::parse_transport_cc(test::first_rtcp(out.written())), now);
  }
  // What leaves by itself until nothing is due within `length`.
  std::vector<Received> wait(Duration length) {
    std::vector<Received> out;
    const TimePoint end = now + length;
    while (media.next_wakeup().value_or(end) < end) {
      now = std::max(now, *media.next_wakeup());
      media.on_wakeup(now);
      for (Received& packet : take()) out.push_back(std::move(packet));
    }
    now = end;
    return out;
  }

  net::PacketPool pool;
  SourceIds ids;
  PayloadMap payloads = test::usual_payloads();
  Source source{
      EndpointId("a"),
      {.name = SourceName("a-v0"), .kind = MediaKind::video, .encodings = {{Ssrc{1}, Ssrc{11}}}},
      ids
  };
  test::Vp8Encoding camera{.ssrc = Ssrc{1}, .index = 0};
  test::FakePort port;
  NoConference conference;
  TimePoint now = kStart;
  std::vector<wire::ArrivedPacket> unreported;
  std::uint8_t count = 0;
  OutgoingMedia media{{}, port, conference};
};

// Checklist: 171
TEST_F(Probing, NothingIsEstimatedBeforeTheFirstReport) {
  EXPECT_FALSE(media.estimate());
  send_frame(2, true);
  EXPECT_FALSE(media.estimate());
  report();
  EXPECT_EQ(media.estimate(), 2'500'000);
}

TEST_F(Probing, NothingIsProbedWhileEverybodyHasWhatTheyWant) {
  send_frame(2, true);
  for (int i = 0; i < 50; ++i) {
    report();
    EXPECT_TRUE(wait(20ms).empty());
    send_frame(1);
  }
  EXPECT_EQ(media.totals().probed, 0U);
}

TEST_F(Probing, MoreThanTheEstimateIsProbedForOnTheRtxStream) {
  media.set_wanted(8'000'000);
  send_frame(2, true);
  report();
  std::vector<Received> probe = take();
  for (Received& packet : wait(30ms)) probe.push_back(std::move(packet));
  ASSERT_GE(probe.size(), 5U);
  std::size_t bytes = 0;
  for (const Received& packet : probe) {
    EXPECT_EQ(packet.header.ssrc, Ssrc{11});
    EXPECT_EQ(packet.header.payload_type, test::kRtx);
    EXPECT_TRUE(packet.extension(test::kTransportCcId));
    bytes += packet.bytes.size();
  }
  EXPECT_GE(bytes, 2'500'000 / 8 * 15 / 1000 * 9 / 10U) << "15 ms at the estimate, to begin with";
  EXPECT_EQ(media.totals().probed, probe.size());
}

TEST_F(Probing, ProbesGoOnWhenAllVideoIsSuspended) {
  send_frame(2, true);
  report();
  media.set_wanted(8'000'000);
  media.set_target(source, std::nullopt);
  unreported.push_back({1, now});
  report();
  wait(4s);  // the cache is empty by now
  take();
  EXPECT_FALSE(wait(8s).empty());
  media.set_wanted(0);
  wait(2s);
  EXPECT_TRUE(wait(20s).empty());
}

TEST_F(Probing, AGuessHoldsNothingBackForTheFirstSecond) {
  send_frame(2, true);
  report();
  EXPECT_EQ(send_frame(250).size() + send_frame(250).size(), 500U);
}

// Checklist: 173
TEST_F(Probing, ABurstBeyondTheShareIsSpread) {
  end_guessing();
  // 40 ms at 2.5 Mbit/s are 12.5 kB: some 250 of these packets.
  const std::size_t at_once = send_frame(250).size() + send_frame(150).size();
  EXPECT_GT(at_once, 150U);
  EXPECT_LT(at_once, 350U);
  const std::vector<Received> later = wait(30ms);
  ASSERT_EQ(at_once + later.size(), 400U);
  std::uint16_t expected = later.front().header.sequence;
  for (const Received& packet : later) EXPECT_EQ(packet.header.sequence, expected++);
}

TEST_F(Probing, WhatWaitsForASuspendedSourceIsNotSent) {
  end_guessing();
  ASSERT_LT(send_frame(250).size() + send_frame(150).size(), 400U);
  media.set_target(source, std::nullopt);
  EXPECT_TRUE(wait(50ms).empty());
}

}  // namespace
}  // namespace cloister::videobridge::media
