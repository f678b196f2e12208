#include "videobridge/media/incoming/incoming_media.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/videobridge/media/media_support.h"

namespace cloister::videobridge::media {
namespace {

using namespace std::string_literals;
using test::kStart;

constexpr Ssrc kLocal{99};
constexpr Ssrc kAudio{50};

// Writes down what the conference hears.
struct Recorder final : IncomingMedia::Sink {
  void on_media(const ParsedPacket& packet) override {
    sequences.push_back(packet.header.sequence);
    media.push_back({packet.header.ssrc, packet.layer, packet.key_frame, packet.header.payload.size()});
    types.push_back(packet.header.payload_type);
    timestamps.push_back(packet.header.timestamp);
    red_primary = packet.red_primary ? as_text(packet.red_primary->payload) : "";
    kept = packet.kept_count;
  }
  void on_audio_level(Source&, AudioLevel level, TimePoint) override { levels.push_back(level.below_full); }
  bool is_heard(const Source&, std::optional<AudioLevel>, TimePoint) override { return heard; }
  void on_layers_changed(Source&) override { ++layer_changes; }
  void on_sender_report(Source& source, std::uint8_t encoding, const wire::SenderReport&) override {
    log.push_back("sr " + source.name().expose() + " " + std::to_string(encoding));
  }
  void on_nack(const wire::Nack& nack) override { log.push_back("nack " + std::to_string(raw(nack.media))); }
  void on_key_frame_request(Ssrc media_ssrc) override {
    log.push_back("key " + std::to_string(raw(media_ssrc)));
  }
  void on_report_block(const wire::ReportBlock& block) override {
    log.push_back("rr " + std::to_string(raw(block.ssrc)));
  }
  void on_transport_cc(const wire::TransportCc& feedback) override {
    log.push_back("tcc " + std::to_string(feedback.packets));
  }
  void on_remb(const wire::Remb& remb) override { log.push_back("remb " + std::to_string(remb.bitrate)); }

  struct Media {
    Ssrc ssrc{};
    Layer layer;
    bool key_frame = false;
    std::size_t bytes = 0;
  };
  std::vector<std::uint16_t> sequences;
  std::vector<Media> media;
  std::vector<int> levels;
  std::vector<int> types;
  std::vector<std::uint32_t> timestamps;
  std::string red_primary;  // of the newest packet
  bool heard = true;
  std::vector<std::string> log;
  int layer_changes = 0;
  int kept = 0;
};

class IncomingMediaTest : public testing::Test {
protected:
  void SetUp() override {
    media_.set_payload_types(test::usual_payloads());
    media_.set_extensions(test::usual_extensions());
    media_.set_sources(std::vector{camera(), microphone()});
  }
  static SourceDescription camera() {
    return {
        .name = SourceName("a-v0"),
        .kind = MediaKind::video,
        .encodings = {{Ssrc{1}, Ssrc{11}}, {Ssrc{2}, Ssrc{12}}, {Ssrc{3}, Ssrc{13}}}
    };
  }
  static SourceDescription microphone() {
    return {.name = SourceName("a-a0"), .kind = MediaKind::audio, .encodings = {{kAudio}}};
  }

  void give(const test::Datagram& datagram) {
    net::Packet packet = pool_.acquire();
    packet.resize(datagram.size());
    std::ranges::copy(datagram, packet.bytes().begin());
    media_.on_rtp(std::move(packet), now_, sink_);
  }
  void give(const std::vector<test::Datagram>& datagrams) {
    for (const auto& datagram : datagrams) give(datagram);
  }
  template <class Write>
  void give_rtcp(Write&& write) {
    std::array<std::byte, 500> room{};
    ByteWriter out(room);
    write(out);
    media_.on_rtcp(out.written(), now_, sink_);
  }
  std::uint64_t drops(Drop reason) const { return media_.drops()[reason]; }

  net::PacketPool pool_;
  SourceIds ids_;
  test::FakePort port_;
  Recorder sink_;
  TimePoint now_ = kStart;
  test::Vp8Encoding low_{.ssrc = Ssrc{1}};
  IncomingMedia media_{{.local_ssrc = kLocal}, EndpointId("a"), ids_, port_};
};

TEST_F(IncomingMediaTest, ParsedMediaReachesTheConference) {
  give(low_.write({.key = true, .temporal = 0}));
  give(low_.write({.temporal = 2}));
  ASSERT_EQ(sink_.media.size(), 4U);
  EXPECT_TRUE(sink_.media[0].key_frame);
  EXPECT_FALSE(sink_.media[1].key_frame);
  EXPECT_EQ(sink_.media[2].layer, (Layer{.encoding = 0, .temporal = 2}));
  EXPECT_EQ(media_.find_source(SourceName("a-v0"))->height(0), 180);
  EXPECT_TRUE(media_.find_source(SourceName("a-v0"))->has_shown_height(0));
  EXPECT_EQ(sink_.layer_changes, 2) << "its height, then its temporal layers";
}

// Checklist: 101
TEST_F(IncomingMediaTest, WhatIsNotSignalledGoesNowhere) {
  give(test::audio_packet(Ssrc{777}, 1, 0));
  auto wrong_type = test::audio_packet(kAudio, 1, 0);
  wrong_type[1] = std::byte{13};
  give(wrong_type);
  give(test::audio_packet(Ssrc{1}, 1, 0));  // audio on a video SSRC
  give(test::Datagram(5));
  EXPECT_TRUE(sink_.media.empty());
  EXPECT_EQ(drops(Drop::unknown_ssrc), 1U);
  EXPECT_EQ(drops(Drop::unknown_payload_type), 2U);
  EXPECT_EQ(drops(Drop::bad_rtp_header), 1U);
}

// Checklist: 111
TEST_F(IncomingMediaTest, ContributorsAndPacketsAsLongAsThePathAllowsPass) {
  std::array<std::byte, 15 * 4> contributors{};
  test::Datagram datagram(1500);
  ByteWriter out(datagram);
  wire::RtpHeader header;
  header.payload_type = test::kOpus;
  header.ssrc = kAudio;
  header.csrcs = contributors;
  wire::write_rtp_header(out, header, wire::HasExtension::no);
  give(datagram);
  ASSERT_EQ(sink_.media.size(), 1U);
  EXPECT_EQ(sink_.media[0].bytes, 1500U - 12U - contributors.size());
  for (std::size_t size = 0; size < 12 + contributors.size(); ++size)
    give(test::Datagram(datagram.begin(), datagram.begin() + static_cast<std::ptrdiff_t>(size)));
  EXPECT_EQ(drops(Drop::bad_rtp_header), 12 + contributors.size());
  EXPECT_EQ(sink_.media.size(), 1U);
}

// Checklist: 110
TEST_F(IncomingMediaTest, DuplicatesAreDropped) {
  const auto frame = low_.write({.key = true});
  give(frame);
  give(frame);
  EXPECT_EQ(sink_.media.size(), 2U);
  EXPECT_EQ(drops(Drop::duplicate), 2U);
}

// Checklist: 112
TEST_F(IncomingMediaTest, SilenceIsLimitedWithoutGaps) {
  std::uint16_t sequence = 100;
  for (int i = 0; i < 10; ++i) give(test::audio_packet(kAudio, sequence++, 0, 127));
  give(test::audio_packet(kAudio, sequence++, 0, 0x80 | 30));
  for (int i = 0; i < 4; ++i) give(test::audio_packet(kAudio, sequence++, 0, 127));
  give(test::audio_packet(kAudio, sequence++, 0, 20));
  EXPECT_EQ(sink_.sequences, (std::vector<std::uint16_t>{100, 101, 102, 103, 104, 105, 106, 107}));
  EXPECT_EQ(sink_.levels.size(), 16U) << "levels are heard also where nothing is forwarded";
  EXPECT_EQ(drops(Drop::silence), 8U);
  EXPECT_EQ(sink_.layer_changes, 0) << "audio has no layers to allocate";
  EXPECT_EQ(sink_.kept, 1) << "the level goes on to the receivers";
}

TEST_F(IncomingMediaTest, SilenceOfConstantBitrateAudioIsForwarded) {
  media_.set_discard_silence(false);
  for (std::uint16_t i = 0; i < 10; ++i) give(test::audio_packet(kAudio, i, 0, 127));
  EXPECT_EQ(sink_.media.size(), 10U);
}

// Checklist: 52
// Checklist: 223
TEST_F(IncomingMediaTest, WhatIsNotAmongTheLoudestLeavesNoGap) {
  for (std::uint16_t i = 0; i < 5; ++i) give(test::audio_packet(kAudio, i, 0, 60));
  sink_.heard = false;
  for (std::uint16_t i = 5; i < 400; ++i) give(test::audio_packet(kAudio, i, 0, 60));
  sink_.heard = true;
  for (std::uint16_t i = 400; i < 403; ++i) give(test::audio_packet(kAudio, i, 0, 20));
  EXPECT_EQ(sink_.sequences, (std::vector<std::uint16_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(drops(Drop::not_among_loudest), 395U);
  EXPECT_EQ(sink_.levels.size(), 403U) << "who is to be heard is decided by the levels of all";
}

TEST_F(IncomingMediaTest, WhoSendsNoLevelsIsTakenForSpeaking) {
  for (std::uint16_t i = 0; i < 10; ++i) give(test::audio_packet(kAudio, i, 0));
  EXPECT_EQ(sink_.media.size(), 10U);
  EXPECT_EQ(sink_.levels, std::vector<int>(10, 30));
}

// Checklist: 114
TEST_F(IncomingMediaTest, KeysArePassedOnHoweverSilentTheyAre) {
  sink_.heard = false;
  for (std::uint16_t i = 0; i < 10; ++i) {
    auto key = test::audio_packet(kAudio, i, 0, 127);
    key[1] = std::byte{test::kTelephoneEvent};
    give(key);
  }
  EXPECT_EQ(sink_.media.size(), 10U);
  EXPECT_EQ(sink_.types.front(), test::kTelephoneEvent);
}

// Checklist: 115
TEST_F(IncomingMediaTest, RedundantAudioGoesOnWithItsOwnFrameInSight) {
  give(test::red_packet(kAudio, 10, 9600, {}, "ten"));
  give(test::red_packet(kAudio, 11, 10560, {"ten"}, "eleven"));
  EXPECT_EQ(sink_.types, (std::vector<int>{test::kRed, test::kRed}));
  EXPECT_EQ(sink_.red_primary, "eleven");
}

TEST_F(IncomingMediaTest, ALostFrameIsTakenFromTheRedundancyBehindIt) {
  give(test::red_packet(kAudio, 10, 9600, {}, "ten"));
  give(test::red_packet(kAudio, 13, 12480, {"eleven", "twelve"}, "thirteen"));
  EXPECT_EQ(sink_.sequences, (std::vector<std::uint16_t>{10, 11, 12, 13}));
  EXPECT_EQ(sink_.types, (std::vector<int>{test::kRed, test::kOpus, test::kOpus, test::kRed}));
  EXPECT_EQ(sink_.timestamps, (std::vector<std::uint32_t>{9600, 10560, 11520, 12480}));
  EXPECT_EQ(sink_.media[1].bytes, 6U);
  give(test::red_packet(kAudio, 12, 11520, {"eleven"}, "twelve"));
  EXPECT_EQ(drops(Drop::duplicate), 1U) << "late, and no longer missing";
}

TEST_F(IncomingMediaTest, WhatOnlyLooksLikeRedundantAudioGoesOnAsItIs) {
  give(test::red_packet(kAudio, 10, 9600, {}, "ten"));
  auto encrypted = test::red_packet(kAudio, 12, 11520, {"eleven"}, "twelve");
  encrypted[encrypted.size() - 17] ^= std::byte{0x55};  // another payload type in the first block's header
  give(encrypted);
  EXPECT_EQ(sink_.sequences, (std::vector<std::uint16_t>{10, 12}));
  EXPECT_EQ(sink_.red_primary, "");
  EXPECT_EQ(sink_.types.back(), test::kRed);
}

TEST_F(IncomingMediaTest, AForcedMuteStopsAudioWithAndWithoutLevel) {
  media_.force_mute(MediaKind::audio, true);
  give(test::audio_packet(kAudio, 1, 0));
  give(test::audio_packet(kAudio, 2, 0, 20));
  EXPECT_TRUE(sink_.media.empty());
  EXPECT_TRUE(sink_.levels.empty());
  media_.force_mute(MediaKind::audio, false);
  give(test::audio_packet(kAudio, 3, 0));
  EXPECT_EQ(sink_.media.size(), 1U);
}

// Checklist: 108
TEST_F(IncomingMediaTest, PaddingLeavesNoGap) {
  give(low_.write({.key = true, .packets = 1}));
  auto padding = low_.write({.packets = 1})[0];
  padding[0] |= std::byte{0x20};
  padding.back() = static_cast<std::byte>(padding.size() - 12);
  give(padding);
  give(low_.write({.packets = 1}));
  ASSERT_EQ(sink_.sequences.size(), 2U);
  EXPECT_EQ(sink_.sequences[1], static_cast<std::uint16_t>(sink_.sequences[0] + 1));
  EXPECT_EQ(drops(Drop::padding_only), 1U);
}

// Checklist: 109
TEST_F(IncomingMediaTest, RetransmissionsAreUnwrapped) {
  const auto frame = low_.write({.key = true, .packets = 3});
  give(frame[0]);
  give(frame[2]);
  const auto rtcp = port_.take_rtcp();
  ASSERT_EQ(rtcp.size(), 1U);
  const auto nack = wire::parse_nack(test::first_rtcp(rtcp[0]));
  ASSERT_TRUE(nack);
  EXPECT_EQ(nack->sender, kLocal);
  EXPECT_EQ(nack->media, Ssrc{1});

  test::Datagram rtx = frame[1];
  const std::array sequence{rtx[2], rtx[3]};
  rtx[1] = (rtx[1] & std::byte{0x80}) | std::byte{test::kRtx};
  set_u16(rtx, 2, 1);
  set_u32(rtx, 8, 11);
  rtx.insert(rtx.begin() + 12, sequence.begin(), sequence.end());
  give(rtx);
  ASSERT_EQ(sink_.media.size(), 3U);
  EXPECT_EQ(sink_.media[2].ssrc, Ssrc{1});
  EXPECT_EQ(sink_.sequences[2], static_cast<std::uint16_t>(sink_.sequences[0] + 1));
  now_ += 200ms;
  media_.on_wakeup(now_, sink_);
  EXPECT_TRUE(port_.take_rtcp().empty()) << "nothing is missing any more";
}

// Checklist: 109
TEST_F(IncomingMediaTest, AnEmptyRetransmissionIsAProbe) {
  test::Datagram probe = low_.write({.packets = 1})[0];
  probe.resize(14);
  probe[1] = std::byte{test::kRtx};
  set_u32(probe, 8, 11);
  give(probe);
  EXPECT_EQ(drops(Drop::empty_rtx), 1U);
}

// Checklist: 119
TEST_F(IncomingMediaTest, ReportsEveryHalfSecondWhileMediaFlows) {
  give(low_.write({.key = true}));
  ASSERT_EQ(media_.next_wakeup(), kStart + 500ms);
  now_ = kStart + 500ms;
  media_.on_wakeup(now_, sink_);
  const auto rtcp = port_.take_rtcp();
  ASSERT_EQ(rtcp.size(), 1U);
  const wire::ReportBlocks blocks(test::first_rtcp(rtcp[0]));
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0].ssrc, Ssrc{1});
  sink_.layer_changes = 0;
  while (const auto due = media_.next_wakeup()) media_.on_wakeup(now_ = *due, sink_);
  EXPECT_EQ(sink_.layer_changes, 1) << "the encoding fell silent";
  EXPECT_TRUE(port_.take_rtcp().empty());
}

// Checklist: 118
TEST_F(IncomingMediaTest, TransportFeedbackOnMarkersOrAfter100Milliseconds) {
  const auto tagged = [&](std::uint16_t transport_sequence, bool marker) {
    std::array<std::byte, 100> room{};
    ByteWriter out(room);
    wire::RtpHeader header;
    header.payload_type = test::kVp8;
    header.ssrc = Ssrc{2};
    header.sequence = transport_sequence;
    header.marker = marker;
    wire::write_rtp_header(out, header, wire::HasExtension::yes);
    wire::ExtensionWriter block(out, wire::ExtensionWriter::Form::one_byte);
    set_u16(block.add_space(test::kTransportCcId, 2), 0, transport_sequence);
    block.finish();
    out.u8(0x10).u8(1);
    give(test::Datagram(out.written().begin(), out.written().end()));
  };
  tagged(1, true);
  EXPECT_TRUE(port_.take_rtcp().empty()) << "one packet says nothing";
  now_ += 10ms;
  tagged(2, true);
  EXPECT_TRUE(port_.take_rtcp().empty());
  now_ += 10ms;
  tagged(4, true);
  auto rtcp = port_.take_rtcp();
  ASSERT_FALSE(rtcp.empty());
  auto feedback = wire::parse_transport_cc(test::first_rtcp(rtcp[0]));
  ASSERT_TRUE(feedback);
  EXPECT_EQ(feedback->base_sequence, 1);
  EXPECT_EQ(feedback->packets, 4);

  now_ += 30ms;
  tagged(5, false);
  EXPECT_TRUE(port_.take_rtcp().empty());
  ASSERT_TRUE(media_.next_wakeup());
  EXPECT_LE(*media_.next_wakeup(), now_ + 70ms);
  now_ += 70ms;
  media_.on_wakeup(now_, sink_);
  rtcp = port_.take_rtcp();
  ASSERT_FALSE(rtcp.empty());
  feedback = wire::parse_transport_cc(test::first_rtcp(rtcp[0]));
  ASSERT_TRUE(feedback);
  EXPECT_EQ(feedback->base_sequence, 5);
  EXPECT_EQ(feedback->feedback_count, 1);
}

// Checklist: 126
TEST_F(IncomingMediaTest, KeyFrameRequestsAreThrottledPerSource) {
  const Source& source = *media_.find_source(SourceName("a-v0"));
  EXPECT_TRUE(media_.request_key_frame(source, 2, now_));
  EXPECT_FALSE(media_.request_key_frame(source, 0, now_ + 199ms));
  EXPECT_TRUE(media_.request_key_frame(source, 0, now_ + 200ms));
  const auto rtcp = port_.take_rtcp();
  ASSERT_EQ(rtcp.size(), 2U);
  const auto pli = wire::parse_pli(test::first_rtcp(rtcp[0]));
  ASSERT_TRUE(pli);
  EXPECT_EQ(pli->media, Ssrc{3});
  EXPECT_EQ(pli->sender, kLocal);
}

// Checklist: 127
TEST_F(IncomingMediaTest, ASenderWithoutPliIsAskedByFir) {
  PayloadMap payloads;
  PayloadFormat format{.id = test::kVp8, .codec = Codec::vp8, .kind = MediaKind::video, .clock_rate = 90000};
  format.fir = true;
  payloads.add(format);
  media_.set_payload_types(payloads);
  const Source& source = *media_.find_source(SourceName("a-v0"));
  media_.request_key_frame(source, 0, now_);
  media_.request_key_frame(source, 0, now_ + 1s);
  const auto rtcp = port_.take_rtcp();
  ASSERT_EQ(rtcp.size(), 2U);
  const auto fir = wire::parse_fir(test::first_rtcp(rtcp[1]));
  ASSERT_TRUE(fir);
  EXPECT_EQ(get_u32(fir->entries, 0), 1U);
  EXPECT_EQ(get_u8(fir->entries, 4), 1) << "a new request has a new number";
}

// Checklist: 133, 134
TEST_F(IncomingMediaTest, ControlPacketsAreSortedOut) {
  give_rtcp([](ByteWriter& out) {
    wire::write_sender_report(out, {.ssrc = Ssrc{2}, .ntp = 1});
    wire::write_sender_report(out, {.ssrc = Ssrc{12345}});  // not signalled
    const std::array blocks{wire::ReportBlock{.ssrc = Ssrc{71}}};
    wire::write_receiver_report(out, Ssrc{1}, blocks);
    wire::write_rtcp_header(out, wire::RtcpType::bye, 1, 1);
    out.u32(2);
  });
  give_rtcp([](ByteWriter& out) {
    const std::array missing{std::uint16_t{7}};
    wire::write_nack(out, Ssrc{1}, Ssrc{72}, missing);
    wire::write_pli(out, {.sender = Ssrc{1}, .media = Ssrc{73}});
    wire::write_fir(out, Ssrc{1}, Ssrc{74}, 0);
    wire::write_remb(out, {.sender = Ssrc{1}, .bitrate = 1000}, {});
    const std::array arrived{
        wire::ArrivedPacket{5, kStart}
    };
    wire::write_transport_cc(out, Ssrc{1}, Ssrc{2}, 0, arrived);
  });
  EXPECT_EQ(sink_.log,
            (std::vector{"sr a-v0 1"s, "rr 71"s, "nack 72"s, "key 73"s, "key 74"s, "remb 1000"s, "tcc 1"s}));
  EXPECT_NE(media_.find_source(SourceName("a-v0")), nullptr) << "BYE removes nothing";
}

TEST_F(IncomingMediaTest, SourcesStayTheSameWhileTheirDescriptionDoes) {
  Source* before = media_.find_source(SourceName("a-v0"));
  SourceDescription shared = camera();
  shared.video_type = VideoType::desktop;
  SourceDescription second = camera();
  second.name = SourceName("a-v1");
  second.encodings = {{Ssrc{4}}};
  SourceChange change = media_.set_sources(std::vector{shared, second});
  EXPECT_EQ(media_.find_source(SourceName("a-v0")), before);
  EXPECT_EQ(before->video_type(), VideoType::desktop);
  ASSERT_EQ(change.added.size(), 1U);
  EXPECT_EQ(change.added[0]->name(), SourceName("a-v1"));
  ASSERT_EQ(change.removed.size(), 1U);
  EXPECT_EQ(change.removed[0]->name(), SourceName("a-a0"));
  give(test::audio_packet(kAudio, 1, 0));
  EXPECT_EQ(drops(Drop::unknown_ssrc), 1U);
}

}  // namespace
}  // namespace cloister::videobridge::media
