// What another bridge is sent, from a sender's datagrams on.
#include "videobridge/conference/relay/relay_sender.h"

#include <gtest/gtest.h>

#include "simulation.h"
#include "unit/videobridge/media/media_support.h"

namespace cloister::videobridge::conference {
namespace {

using media::IncomingMedia;
using media::ParsedPacket;
using test::Datagram;
using test::kStart;
using test::Received;

struct RelaySenderTest : testing::Test, IncomingMedia::Sink {
  RelaySenderTest() {
    incoming.set_payload_types(test::usual_payloads());
    incoming.set_extensions(test::usual_extensions());
    sender.set_payload_types(test::usual_payloads());
    sender.set_extensions(test::usual_extensions());
    media::SourceDescription camera{.name = SourceName("a-v0"), .kind = MediaKind::video};
    for (const test::Vp8Encoding& one : encodings) camera.encodings.push_back({one.ssrc, rtx_of(one.ssrc)});
    media::SourceDescription microphone{.name = SourceName("a-a0"), .encodings = {{.ssrc = Ssrc{9}}}};
    const auto change = incoming.set_sources(std::vector{camera, microphone});
    for (media::Source* source : change.added) sender.add_source(*source);
  }
  ~RelaySenderTest() override {
    for (const auto& source : incoming.sources()) sender.remove_source(*source);
  }

  static Ssrc rtx_of(Ssrc media) { return Ssrc{10 + raw(media)}; }
  const media::Source& camera() { return *incoming.sources()[0]; }
  void give(Bytes datagram) {
    net::Packet packet = pool.acquire();
    packet.resize(datagram.size());
    std::ranges::copy(datagram, packet.bytes().begin());
    incoming.on_rtp(std::move(packet), now, *this);
  }
  // A frame of every encoding.
  void show(bool key = false) {
    now += 33ms;
    for (test::Vp8Encoding& encoding : encodings)
      for (const Datagram& packet : encoding.write({.key = key})) give(packet);
  }
  std::vector<Ssrc> sent_ssrcs() {
    std::vector<Ssrc> out;
    for (const Received& packet : port.take_rtp())
      if (out.empty() || out.back() != packet.header.ssrc) out.push_back(packet.header.ssrc);
    return out;
  }
  void nack(Ssrc media, std::vector<std::uint16_t> missing) {
    std::array<std::byte, 200> room{};
    ByteWriter out(room);
    wire::write_nack(out, Ssrc{1}, media, missing);
    const Datagram compound(out.written().begin(), out.written().end());
    sender.on_nack(*wire::parse_nack(test::first_rtcp(compound)), now);
  }

  void on_media(const ParsedPacket& packet) override { sender.forward(packet, now); }
  void on_audio_level(media::Source&, media::AudioLevel, TimePoint) override {}
  bool is_heard(const media::Source&, std::optional<media::AudioLevel>, TimePoint) override { return true; }
  void on_layers_changed(media::Source&) override {}
  void on_sender_report(media::Source&, std::uint8_t, const wire::SenderReport&) override {}
  void on_nack(const wire::Nack&) override {}
  void on_key_frame_request(Ssrc) override {}
  void on_report_block(const wire::ReportBlock&) override {}
  void on_transport_cc(const wire::TransportCc&) override {}
  void on_remb(const wire::Remb&) override {}

  std::vector<test::Vp8Encoding> encodings{
      {.ssrc = Ssrc{1}, .index = 0},
      {.ssrc = Ssrc{2}, .index = 1},
      {.ssrc = Ssrc{3}, .index = 2}
  };
  TimePoint now = kStart;
  net::PacketPool pool;
  media::SourceIds ids;
  test::FakePort participant;
  test::FakePort port;
  IncomingMedia incoming{{.local_ssrc = Ssrc{99}}, EndpointId("a"), ids, participant};
  RelaySender sender{port};
};

// Checklist: 214
TEST_F(RelaySenderTest, SendsTheEncodingsThatSomebodyThereCanUse) {
  show(true);
  EXPECT_TRUE(sent_ssrcs().empty()) << "nobody has asked";
  const std::pair<int, std::vector<Ssrc>> wishes[] = {
      {180, {Ssrc{1}}                  },
      {240, {Ssrc{1}}                  }, // 360 is more than is wanted
      {360, {Ssrc{1}, Ssrc{2}}         },
      {720, {Ssrc{1}, Ssrc{2}, Ssrc{3}}},
      {-1,  {Ssrc{1}, Ssrc{2}, Ssrc{3}}},
      {90,  {Ssrc{1}}                  }, // the smallest there is
      {0,   {}                         },
  };
  for (const auto& [height, expected] : wishes) {
    SCOPED_TRACE(height);
    sender.set_max_height(camera(), height);
    show();
    EXPECT_EQ(sent_ssrcs(), expected);
  }
}

TEST_F(RelaySenderTest, PacketsGoOnAsTheyCame) {
  sender.set_max_height(camera(), 180);
  const std::uint16_t first = encodings[0].sequence;
  show(true);
  const auto packets = port.take_rtp();
  ASSERT_EQ(packets.size(), 2U);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    EXPECT_EQ(packets[i].header.sequence, static_cast<std::uint16_t>(first + i));
    EXPECT_EQ(packets[i].header.timestamp, encodings[0].timestamp);
    EXPECT_EQ(packets[i].vp8->picture_id, encodings[0].picture_id);
    EXPECT_EQ(packets[i].header.marker, i == 1);
    ASSERT_TRUE(packets[i].extension(test::kTransportCcId));
    EXPECT_EQ(get_u16(*packets[i].extension(test::kTransportCcId), 0), i + 1) << "numbers of this way";
  }
  give(test::audio_packet(Ssrc{9}, 7, 960, 33));
  const auto audio = port.take_rtp();
  ASSERT_EQ(audio.size(), 1U);
  EXPECT_EQ(get_u8(audio[0].extension(test::kLevelId).value(), 0), 33) << "the other bridge hears who speaks";
}

TEST_F(RelaySenderTest, WhatIsLostOnTheWayIsSentAgain) {
  sender.set_max_height(camera(), -1);
  show(true);
  const std::uint16_t lost = port.take_rtp()[0].header.sequence;
  now += 50ms;
  nack(Ssrc{1}, {lost});
  const auto repeated = port.take_rtp();
  ASSERT_EQ(repeated.size(), 1U);
  EXPECT_EQ(repeated[0].header.ssrc, rtx_of(Ssrc{1}));
  EXPECT_EQ(repeated[0].header.payload_type, test::kRtx);
  EXPECT_EQ(get_u16(repeated[0].media(), 0), lost);
  nack(Ssrc{77}, {lost});
  nack(Ssrc{9}, {lost});
  EXPECT_TRUE(port.take_rtp().empty());
  now += 5s;
  sender.on_wakeup(now);
  nack(Ssrc{1}, {lost});
  EXPECT_TRUE(port.take_rtp().empty()) << "too old to be worth its memory";
}

TEST_F(RelaySenderTest, KeyFramesAreAskedForBySsrc) {
  ASSERT_TRUE(sender.find(Ssrc{3}));
  EXPECT_EQ(sender.find(Ssrc{3})->source, &camera());
  EXPECT_EQ(sender.find(Ssrc{3})->encoding, 2);
  EXPECT_FALSE(sender.find(rtx_of(Ssrc{3})));
}

TEST_F(RelaySenderTest, ReportsCountWhatWasSentHere) {
  sender.set_max_height(camera(), 180);
  const wire::SenderReport report{.ssrc = Ssrc{1}, .ntp = 5, .rtp_timestamp = 6, .packets = 1000};
  sender.on_sender_report(camera(), 0, report, now);
  EXPECT_TRUE(port.take_rtcp().empty()) << "of nothing";
  show(true);
  sender.on_sender_report(camera(), 0, report, now);
  sender.on_sender_report(camera(), 1, report, now);
  const auto sent = port.take_rtcp();
  ASSERT_EQ(sent.size(), 1U);
  const auto told = wire::parse_sender_report(test::first_rtcp(sent[0]));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->ntp, 5U);
  EXPECT_EQ(told->rtp_timestamp, 6U);
  EXPECT_EQ(told->packets, 2U);
}

// What the fake port keeps is one allocation a packet; the rest of the way has none, once its memory has
// grown with the rate.
TEST_F(RelaySenderTest, CostsNoAllocation) {
  sender.set_max_height(camera(), -1);
  port.rtp.reserve(1000);
  show(true);
  show();
  std::vector<Datagram> packets;
  for (int frame = 0; frame < 50; ++frame)
    for (Datagram& packet : encodings[2].write({})) packets.push_back(std::move(packet));
  const std::span all(packets);
  for (const Datagram& packet : all.first(80)) give(packet);
  const std::size_t sent = port.rtp.size();
  const std::size_t before = allocations_so_far();
  for (const Datagram& packet : all.subspan(80)) give(packet);
  EXPECT_EQ(port.rtp.size() - sent, 20U);
  EXPECT_EQ(allocations_so_far() - before, 20U);
}

}  // namespace
}  // namespace cloister::videobridge::conference
