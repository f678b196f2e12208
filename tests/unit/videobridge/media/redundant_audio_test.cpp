// Redundant audio (RFC 2198) from a sender to receivers with and without it.
#include <gtest/gtest.h>

#include "unit/videobridge/media/media_support.h"

namespace cloister::videobridge::media {
namespace {

using test::kStart;
using test::Received;

constexpr Ssrc kAudio{50};

struct Receiver final : OutgoingMedia::Conference {
  explicit Receiver(const PayloadMap& payloads) : media({}, port, *this) {
    media.set_payload_types(payloads);
    media.set_extensions(test::usual_extensions());
  }
  bool request_key_frame(const Source&, std::uint8_t, TimePoint) override { return false; }
  void on_slots_changed(MediaKind, std::span<const SlotMapping>) override {}

  test::FakePort port;
  OutgoingMedia media;
};

PayloadMap without_red() {
  PayloadMap map;
  map.add({.id = test::kOpus, .codec = Codec::opus, .kind = MediaKind::audio, .clock_rate = 48000});
  return map;
}

class RedundantAudioTest : public testing::Test, public IncomingMedia::Sink {
protected:
  void SetUp() override {
    incoming_.set_payload_types(test::usual_payloads());
    incoming_.set_sources(std::vector{
        SourceDescription{.name = SourceName("a-a0"), .kind = MediaKind::audio, .encodings = {{kAudio}}}
    });
    for (Receiver* receiver : {&able_, &unable_}) receiver->media.add_source(*incoming_.sources()[0], kStart);
  }
  void TearDown() override {
    for (Receiver* receiver : {&able_, &unable_}) receiver->media.remove_source(*incoming_.sources()[0]);
  }
  void give(const test::Datagram& datagram) {
    net::Packet packet = pool_.acquire();
    packet.resize(datagram.size());
    std::ranges::copy(datagram, packet.bytes().begin());
    incoming_.on_rtp(std::move(packet), kStart, *this);
  }

  void on_media(const ParsedPacket& packet) override {
    for (Receiver* receiver : {&able_, &unable_}) receiver->media.forward(packet, kStart);
  }
  void on_audio_level(Source&, AudioLevel, TimePoint) override {}
  bool is_heard(const Source&, std::optional<AudioLevel>, TimePoint) override { return true; }
  void on_layers_changed(Source&) override {}
  void on_sender_report(Source&, std::uint8_t, const wire::SenderReport&) override {}
  void on_nack(const wire::Nack&) override {}
  void on_key_frame_request(Ssrc) override {}
  void on_report_block(const wire::ReportBlock&) override {}
  void on_transport_cc(const wire::TransportCc&) override {}
  void on_remb(const wire::Remb&) override {}

  net::PacketPool pool_;
  SourceIds ids_;
  test::FakePort sender_port_;
  IncomingMedia incoming_{{.local_ssrc = Ssrc{99}}, EndpointId("a"), ids_, sender_port_};
  Receiver able_{test::usual_payloads()};
  Receiver unable_{without_red()};
};

// Checklist: 104, 115
TEST_F(RedundantAudioTest, GoesOnAsItIsAndUnwrappedForReceiversWithoutIt) {
  give(test::red_packet(kAudio, 10, 9600, {}, "ten"));
  const auto eleventh = test::red_packet(kAudio, 11, 10560, {"ten"}, "eleven");
  give(eleventh);

  const auto wrapped = able_.port.take_rtp();
  ASSERT_EQ(wrapped.size(), 2U);
  EXPECT_EQ(wrapped[1].header.payload_type, test::kRed);
  EXPECT_EQ(as_text(wrapped[1].media()), as_text(Bytes(eleventh).subspan(12)));

  const auto plain = unable_.port.take_rtp();
  ASSERT_EQ(plain.size(), 2U);
  for (const Received& packet : plain) EXPECT_EQ(packet.header.payload_type, test::kOpus);
  EXPECT_EQ(as_text(plain[0].media()), "ten");
  EXPECT_EQ(as_text(plain[1].media()), "eleven");
  EXPECT_EQ(plain[1].header.sequence, static_cast<std::uint16_t>(plain[0].header.sequence + 1));
  EXPECT_EQ(plain[1].header.timestamp - plain[0].header.timestamp, 960U);
}

TEST_F(RedundantAudioTest, HealsALossForReceiversWithoutIt) {
  give(test::red_packet(kAudio, 10, 9600, {}, "ten"));
  give(test::red_packet(kAudio, 12, 11520, {"eleven"}, "twelve"));
  std::vector<std::string> frames;
  std::vector<std::uint16_t> sequences;
  for (const Received& packet : unable_.port.take_rtp()) {
    frames.emplace_back(as_text(packet.media()));
    sequences.push_back(packet.header.sequence);
  }
  EXPECT_EQ(frames, (std::vector<std::string>{"ten", "eleven", "twelve"}));
  EXPECT_EQ(sequences[2], static_cast<std::uint16_t>(sequences[0] + 2));
}

}  // namespace
}  // namespace cloister::videobridge::media
