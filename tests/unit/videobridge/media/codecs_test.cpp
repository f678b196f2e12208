// Sources that send other codecs than VP8, and those that change theirs, on the whole way from a sender's
// datagrams to those of a receiver.
#include <gtest/gtest.h>

#include "support/call/dependency_writer.h"
#include "support/hex.h"
#include "unit/videobridge/media/media_support.h"

namespace cloister::videobridge::media {
namespace {

using support::DependencyWriter;
using test::Datagram;
using test::hex;
using test::kStart;
using test::Received;

constexpr std::uint8_t kAv1 = 41;
constexpr std::uint8_t kVp9 = 101;
constexpr std::uint8_t kDescriptorId = 12;

class CodecsTest : public testing::Test, public IncomingMedia::Sink, public OutgoingMedia::Conference {
protected:
  CodecsTest() {
    PayloadMap payloads = test::usual_payloads();
    PayloadFormat video = *payloads.find(test::kVp8);
    for (const auto& [id, codec] : {
             std::pair{kAv1, Codec::av1},
             std::pair{kVp9, Codec::vp9}
    }) {
      video.id = id;
      video.codec = codec;
      payloads.add(video);
    }
    ExtensionMap extensions = test::usual_extensions();
    extensions.add(kDescriptorId, ExtensionKind::dependency_descriptor);
    extensions.allow_mixed();
    incoming_.set_payload_types(payloads);
    incoming_.set_extensions(extensions);
    outgoing_.set_payload_types(payloads);
    outgoing_.set_extensions(extensions);
    incoming_.set_sources(std::vector{
        SourceDescription{.name = SourceName("a-v0"),
                          .kind = MediaKind::video,
                          .encodings = {{Ssrc{1}}, {Ssrc{2}}, {Ssrc{3}}}}
    });
    outgoing_.add_source(source(), now_);
    want({.encoding = 2, .spatial = 2, .temporal = 2});
  }
  ~CodecsTest() override { outgoing_.remove_source(source()); }

  Source& source() { return *incoming_.sources()[0]; }
  void want(Layer layer) { outgoing_.set_target(source(), layer); }
  std::vector<Received> give(const std::vector<Datagram>& datagrams) {
    now_ += 33ms;
    for (const Datagram& datagram : datagrams) {
      net::Packet packet = pool_.acquire();
      packet.resize(datagram.size());
      std::ranges::copy(datagram, packet.bytes().begin());
      incoming_.on_rtp(std::move(packet), now_, *this);
    }
    return receiver_port_.take_rtp();
  }
  bool take_key_frame_request() { return std::exchange(key_frame_asked_, false); }

  struct Packet {
    std::uint8_t payload_type = 0;
    std::uint32_t ssrc = 1;
    Datagram payload{};
    Datagram descriptor{};
    bool marker = true;
  };
  // The next packet of its SSRC.
  Datagram packet(const Packet& fields) {
    std::array<std::byte, 400> room{};
    ByteWriter out(room);
    wire::RtpHeader header;
    header.payload_type = fields.payload_type;
    header.marker = fields.marker;
    header.sequence = sequences_[fields.ssrc]++;
    header.timestamp = timestamps_[fields.ssrc] += 3000;
    header.ssrc = Ssrc{fields.ssrc};
    const bool extended = !fields.descriptor.empty();
    wire::write_rtp_header(out, header, extended ? wire::HasExtension::yes : wire::HasExtension::no);
    if (extended) {
      wire::ExtensionWriter block(out, wire::ExtensionWriter::Form::two_byte);
      block.add(kDescriptorId, fields.descriptor);
      block.finish();
    }
    out.bytes(fields.payload);
    return {out.written().begin(), out.written().end()};
  }
  // An AV1 frame in one packet: a key frame with its structure, or one that needs the frame before.
  Datagram av1(const DependencyWriter& sender, std::uint16_t number, bool key) {
    DependencyWriter::Frame frame{.number = number, .key = key, .structure = key};
    if (!key) frame.own_references = {1};
    return packet({.payload_type = kAv1, .payload = hex("10 00"), .descriptor = sender.write(frame)});
  }

  void on_media(const ParsedPacket& parsed) override { outgoing_.forward(parsed, parsed.arrival); }
  void on_audio_level(Source&, AudioLevel, TimePoint) override {}
  bool is_heard(const Source&, std::optional<AudioLevel>, TimePoint) override { return true; }
  void on_layers_changed(Source&) override { ++layer_changes_; }
  void on_sender_report(Source&, std::uint8_t, const wire::SenderReport&) override {}
  void on_nack(const wire::Nack&) override {}
  void on_key_frame_request(Ssrc) override {}
  void on_report_block(const wire::ReportBlock&) override {}
  void on_transport_cc(const wire::TransportCc&) override {}
  void on_remb(const wire::Remb&) override {}
  bool request_key_frame(const Source& from, std::uint8_t encoding, TimePoint now) override {
    key_frame_asked_ = incoming_.request_key_frame(from, encoding, now) || key_frame_asked_;
    return key_frame_asked_;
  }
  void on_slots_changed(MediaKind, std::span<const SlotMapping>) override {}

  TimePoint now_ = kStart;
  net::PacketPool pool_;
  SourceIds ids_;
  test::FakePort sender_port_;
  test::FakePort receiver_port_;
  IncomingMedia incoming_{{.local_ssrc = Ssrc{99}}, EndpointId("a"), ids_, sender_port_};
  OutgoingMedia outgoing_{{}, receiver_port_, *this};
  std::map<std::uint32_t, std::uint16_t> sequences_;
  std::map<std::uint32_t, std::uint32_t> timestamps_;
  bool key_frame_asked_ = false;
  int layer_changes_ = 0;
};

// Checklist: 151
TEST_F(CodecsTest, ASourceThatChangesToAv1GoesOnWithItsKeyFrame) {
  test::Vp8Encoding vp8{.ssrc = Ssrc{1}, .sequence = 100};
  give(vp8.write({.key = true}));
  const auto before = give(vp8.write({}));
  ASSERT_FALSE(before.empty());
  sequences_[1] = vp8.sequence;
  timestamps_[1] = vp8.timestamp;

  const DependencyWriter sender(1, true, 0);
  EXPECT_TRUE(give({av1(sender, 6, false)}).empty());
  EXPECT_TRUE(take_key_frame_request());
  const auto after = give({av1(sender, 7, true)});
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].header.payload_type, kAv1);
  EXPECT_EQ(after[0].header.sequence, static_cast<std::uint16_t>(before.back().header.sequence + 1));
  EXPECT_TRUE(is_newer(after[0].header.timestamp, before.back().header.timestamp));
  EXPECT_EQ(give({av1(sender, 8, false)}).size(), 1U);
}

// Checklist: 151
TEST_F(CodecsTest, ALatePacketOfTheOldCodecChangesNothing) {
  test::Vp8Encoding vp8{.ssrc = Ssrc{1}, .sequence = 100};
  give(vp8.write({.key = true}));
  const auto late = vp8.write({.packets = 1});
  sequences_[1] = vp8.sequence;
  timestamps_[1] = vp8.timestamp;
  const DependencyWriter sender(1, true, 0);
  EXPECT_EQ(give({av1(sender, 7, true)}).size(), 1U);
  EXPECT_TRUE(give(late).empty());
  take_key_frame_request();
  EXPECT_EQ(give({av1(sender, 8, false)}).size(), 1U);
  EXPECT_FALSE(take_key_frame_request());
}

// Checklist: 104, 116
TEST_F(CodecsTest, EncryptedAv1IsCutByItsDescriptorAlone) {
  const DependencyWriter sender(3, true, 0);
  want({.spatial = 0, .temporal = 0});
  std::uint16_t number = 0;
  const auto picture = [&](bool key, std::uint8_t temporal) {
    std::vector<Datagram> out;
    for (std::uint8_t spatial = 0; spatial < 3; ++spatial)
      out.push_back(packet({.payload_type = kAv1,
                            .payload = hex("e7 5a 91"),
                            .descriptor = sender.write({.number = number++,
                                                        .spatial = spatial,
                                                        .temporal = temporal,
                                                        .key = key,
                                                        .structure = key && spatial == 0}),
                            .marker = spatial == 2}));
    return out;
  };
  const auto key = give(picture(true, 0));
  ASSERT_EQ(key.size(), 1U);
  EXPECT_TRUE(key[0].header.marker);
  EXPECT_TRUE(std::ranges::equal(key[0].media(), hex("e7 5a 91")));
  EXPECT_EQ(source().spatial_layers(0), 3);
  EXPECT_EQ(source().height(0, 2), 720);
  EXPECT_TRUE(give(picture(false, 2)).empty());
  EXPECT_TRUE(give(picture(false, 1)).empty());
  EXPECT_TRUE(give(picture(false, 2)).empty());
  const auto base = give(picture(false, 0));
  ASSERT_EQ(base.size(), 1U);
  EXPECT_EQ(base[0].header.sequence, static_cast<std::uint16_t>(key[0].header.sequence + 1));
}

// As Firefox sends it.
// Checklist: 149
TEST_F(CodecsTest, Av1WithoutDescriptorSwitchesEncodingsOnKeyFrames) {
  const auto frame = [&](std::uint32_t ssrc, bool key) {
    return packet({.payload_type = kAv1, .ssrc = ssrc, .payload = key ? hex("18 01") : hex("10 01")});
  };
  EXPECT_TRUE(give({frame(1, false)}).empty());
  EXPECT_EQ(give({frame(1, true)}).size(), 1U);
  EXPECT_TRUE(give({frame(3, false)}).empty());
  EXPECT_EQ(give({frame(3, true)}).size(), 1U);
  EXPECT_TRUE(give({frame(1, false)}).empty());
  EXPECT_EQ(give({frame(3, false)}).size(), 1U);
}

// Checklist: 117
TEST_F(CodecsTest, H264SwitchesEncodingsOnKeyFrames) {
  const auto parameters = hex("78 0002 6742 0002 68ce");
  const auto slice = hex("41 9a 00");
  const auto frame = [&](std::uint32_t ssrc, const Datagram& payload) {
    return packet({.payload_type = test::kH264, .ssrc = ssrc, .payload = payload});
  };
  EXPECT_TRUE(give({frame(1, slice)}).empty());
  EXPECT_TRUE(take_key_frame_request());
  const auto low = give({frame(1, parameters)});
  ASSERT_EQ(low.size(), 1U);
  EXPECT_TRUE(give({frame(2, slice)}).empty());
  const auto high = give({frame(2, parameters)});
  ASSERT_EQ(high.size(), 1U);
  EXPECT_EQ(high[0].header.sequence, static_cast<std::uint16_t>(low[0].header.sequence + 1));
  EXPECT_TRUE(give({frame(1, slice)}).empty());
  EXPECT_EQ(give({frame(2, slice)}).size(), 1U);
}

// Checklist: 116
TEST_F(CodecsTest, H264ThatCannotBeReadPassesAsItComes) {
  const auto sent = give({packet({.payload_type = test::kH264, .payload = hex("e7 5a 91")})});
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_TRUE(std::ranges::equal(sent[0].media(), hex("e7 5a 91")));
}

// Browsers put descriptors next to VP8's and VP9's own ids.
TEST_F(CodecsTest, ADescriptorBesidePictureIdsStaysBehind) {
  const DependencyWriter sender(1, true, 0);
  const auto descriptor = sender.write({.number = 1, .key = true, .structure = true});
  const auto sent = give({packet(
      {.payload_type = kVp9, .payload = hex("ae 8001 10 05 18 0140 00b4 00 99"), .descriptor = descriptor})});
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_FALSE(sent[0].extension(kDescriptorId));
  EXPECT_EQ(source().height(0), 180);
}

TEST_F(CodecsTest, Vp9WithoutPictureIdsGoesByItsDescriptors) {
  const DependencyWriter sender(1, true, 0);
  const auto frame = [&](std::uint16_t number, bool key) {
    return packet({.payload_type = kVp9,
                   .payload = key ? hex("0c 99") : hex("4c 99"),
                   .descriptor = sender.write({.number = number, .key = key, .structure = key})});
  };
  EXPECT_TRUE(give({frame(1, false)}).empty());
  const auto sent = give({frame(2, true)});
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_TRUE(sent[0].extension(kDescriptorId));
}

}  // namespace
}  // namespace cloister::videobridge::media
