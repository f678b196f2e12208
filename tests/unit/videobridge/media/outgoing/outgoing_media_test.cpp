#include "videobridge/media/outgoing/outgoing_media.h"

#include <gtest/gtest.h>

#include "unit/videobridge/media/media_support.h"

namespace cloister::videobridge::media {
namespace {

using test::kStart;
using test::Received;

constexpr Layer kLow{.encoding = 0, .temporal = 2};
constexpr Layer kHigh{.encoding = 2, .temporal = 2};
constexpr Duration kHold = 300ms;  // of a new SSRC: 200 ms and an assumed round trip

struct FakeConference final : OutgoingMedia::Conference {
  bool request_key_frame(const Source&, std::uint8_t encoding, TimePoint) override {
    if (refuses) return false;
    requests.push_back(encoding);
    return true;
  }
  void on_slots_changed(MediaKind, std::span<const SlotMapping> changed) override {
    slots.insert(slots.end(), changed.begin(), changed.end());
  }
  bool refuses = false;
  std::vector<int> requests;
  std::vector<SlotMapping> slots;
};

class OutgoingMediaTest : public testing::Test {
protected:
  void use(OutgoingConfig config) {
    media_ = std::make_unique<OutgoingMedia>(config, port_, conference_);
    media_->set_payload_types(payloads_);
    media_->set_extensions(test::usual_extensions());
  }
  void SetUp() override { use({}); }

  std::unique_ptr<Source> make_camera(const char* name, std::uint32_t first_ssrc) {
    SourceDescription description{.name = SourceName(name), .kind = MediaKind::video};
    for (std::uint32_t i = 0; i < 3; ++i)
      description.encodings.push_back({Ssrc{first_ssrc + i}, Ssrc{first_ssrc + 10 + i}});
    return std::make_unique<Source>(EndpointId("a"), description, ids_);
  }
  std::unique_ptr<Source> make_microphone(const char* name, std::uint32_t ssrc) {
    return std::make_unique<Source>(
        EndpointId("a"),
        SourceDescription{.name = SourceName(name), .kind = MediaKind::audio, .encodings = {{Ssrc{ssrc}}}},
        ids_);
  }

  void give(Source& source, const test::Datagram& datagram) {
    ParsedPacket packet;
    packet.packet = pool_.acquire();
    packet.packet.resize(datagram.size());
    std::ranges::copy(datagram, packet.packet.bytes().begin());
    packet.header = *wire::parse_rtp(std::as_const(packet.packet).bytes());
    packet.format = payloads_.find(packet.header.payload_type);
    packet.source = &source;
    packet.arrival = now_;
    if (source.kind() == MediaKind::video) {
      packet.vp8 = *wire::parse_vp8(packet.header.payload);
      packet.key_frame = packet.vp8->key_frame;
      packet.key_frames_known = true;
      packet.layer = {
          .encoding = static_cast<std::uint8_t>(raw(packet.header.ssrc) - raw(source.primary_ssrc())),
          .temporal = packet.vp8->temporal.value_or(0)};
    }
    wire::ExtensionReader elements(packet.header);
    while (const auto element = elements.next())
      if (element->id == test::kLevelId)
        packet.kept[packet.kept_count++] = {ExtensionKind::audio_level, element->data};
    media_->forward(packet, now_);
  }
  std::vector<Received> send(Source& source, const std::vector<test::Datagram>& datagrams) {
    for (const auto& datagram : datagrams) give(source, datagram);
    return port_.take_rtp();
  }
  std::vector<Received> nack(Ssrc media, std::initializer_list<std::uint16_t> missing) {
    std::array<std::byte, 100> room{};
    ByteWriter out(room);
    wire::write_nack(out, Ssrc{1}, media, missing);
    media_->on_nack(*wire::parse_nack(test::first_rtcp(out.written())), now_);
    return port_.take_rtp();
  }

  // Of the first packets that left, by their transport-wide numbers.
  void report_arrived(std::initializer_list<std::uint16_t> numbers, TimePoint now) {
    std::vector<wire::ArrivedPacket> arrived;
    for (const std::uint16_t number : numbers) arrived.push_back({number, kStart});
    std::array<std::byte, 200> room{};
    ByteWriter out(room);
    wire::write_transport_cc(out, Ssrc{1}, Ssrc{1}, 0, arrived);
    media_->on_transport_cc(*wire::parse_transport_cc(test::first_rtcp(out.written())), now);
  }

  net::PacketPool pool_;
  SourceIds ids_;
  PayloadMap payloads_ = test::usual_payloads();
  test::FakePort port_;
  FakeConference conference_;
  TimePoint now_ = kStart;
  std::unique_ptr<Source> camera_ = make_camera("a-v0", 1);
  test::Vp8Encoding low_{.ssrc = Ssrc{1}, .index = 0};
  test::Vp8Encoding high_{
      .ssrc = Ssrc{3}, .index = 2, .sequence = 7, .timestamp = 7, .picture_id = 7, .tl0 = 7};
  std::unique_ptr<OutgoingMedia> media_;
};

TEST_F(OutgoingMediaTest, NothingIsSentUntilItIsWanted) {
  EXPECT_TRUE(send(*camera_, low_.write({.key = true})).empty());
  media_->add_source(*camera_, now_);
  EXPECT_TRUE(send(*camera_, low_.write({.key = true})).empty());
  EXPECT_EQ(media_->drops()[Drop::not_wanted], 4U);
  EXPECT_TRUE(conference_.requests.empty());
}

// Checklist: 135, 202
TEST_F(OutgoingMediaTest, WithoutRewritingThePrimarySsrcCarriesAllEncodings) {
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kHigh);
  const auto low = send(*camera_, low_.write({.key = true}));
  const auto high = send(*camera_, high_.write({.key = true}));
  ASSERT_EQ(low.size(), 2U);
  ASSERT_EQ(high.size(), 2U);
  for (const Received& packet : {low[0], high[0]}) {
    EXPECT_EQ(packet.header.ssrc, Ssrc{1});
    EXPECT_EQ(packet.header.payload_type, test::kVp8);
  }
  EXPECT_EQ(high[0].header.sequence, static_cast<std::uint16_t>(low[1].header.sequence + 1));
  EXPECT_EQ(*high[0].vp8->picture_id, (*low[0].vp8->picture_id + 1) & 0x7fff);
  EXPECT_EQ(high[0].encoding(), 2) << "the payload is the high encoding's";
  EXPECT_EQ(media_->current_encoding(*camera_), 2);
}

TEST_F(OutgoingMediaTest, AKeyFrameIsAskedForUntilItComes) {
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kHigh);
  conference_.refuses = true;
  send(*camera_, high_.write({}));
  conference_.refuses = false;
  send(*camera_, high_.write({}));
  EXPECT_EQ(conference_.requests, std::vector{2});
  now_ += 100ms;
  send(*camera_, high_.write({}));
  EXPECT_EQ(conference_.requests.size(), 1U);
  now_ += 100ms;
  send(*camera_, high_.write({}));
  EXPECT_EQ(conference_.requests.size(), 2U);
  send(*camera_, high_.write({.key = true}));
  now_ += 1s;
  send(*camera_, high_.write({}));
  EXPECT_EQ(conference_.requests.size(), 2U);
}

TEST_F(OutgoingMediaTest, AKnownRoundTripShortensTheWaitForANewSsrc) {
  use({.ssrc_rewriting = true});
  media_->assume_rtt(1ms);
  const auto microphone = make_microphone("a-a0", 50);
  media_->add_source(*microphone, now_);
  now_ += 200ms;
  EXPECT_TRUE(send(*microphone, {test::audio_packet(Ssrc{50}, 1, 0)}).empty());
  now_ += 1ms;
  EXPECT_EQ(send(*microphone, {test::audio_packet(Ssrc{50}, 2, 960)}).size(), 1U);
}

TEST_F(OutgoingMediaTest, WhoChangesLayersOftenIsNotKeptWaiting) {
  media_->add_source(*camera_, now_);
  for (int change = 0; change < 12; ++change) {
    SCOPED_TRACE(change);
    const Layer target = change % 2 == 0 ? kHigh : kLow;
    test::Vp8Encoding& wanted = change % 2 == 0 ? high_ : low_;
    media_->set_target(*camera_, target);
    conference_.requests.clear();
    for (int frame = 0; frame < 2; ++frame, now_ += 200ms) send(*camera_, wanted.write({}));
    EXPECT_EQ(conference_.requests.size(), 2U) << "asked at once and again after 200 ms, each time";
    send(*camera_, wanted.write({.key = true}));
    EXPECT_EQ(media_->current_encoding(*camera_), target.encoding);
    now_ += 200ms;
  }
}

// Checklist: 126
TEST_F(OutgoingMediaTest, AReceiverMayAskThreeTimesInTenSeconds) {
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kHigh);
  send(*camera_, high_.write({.key = true}));
  conference_.requests.clear();
  for (int i = 0; i < 20; ++i) media_->on_key_frame_request(Ssrc{1}, now_ + i * 400ms);
  EXPECT_EQ(conference_.requests, (std::vector{2, 2, 2}));
  media_->on_key_frame_request(Ssrc{1}, now_ + 10s);
  EXPECT_EQ(conference_.requests.size(), 4U);
  media_->on_key_frame_request(Ssrc{1234}, now_ + 20s);
  EXPECT_EQ(conference_.requests.size(), 4U);
}

TEST_F(OutgoingMediaTest, AKeyFrameLostOnItsWayIsAskedForBeyondThat) {
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kHigh);
  send(*camera_, high_.write({.key = true, .packets = 3}));
  for (int i = 0; i < 3; ++i) media_->on_key_frame_request(Ssrc{1}, now_ + i * 300ms);
  report_arrived({1, 3}, now_ + 800ms);
  conference_.requests.clear();
  media_->on_key_frame_request(Ssrc{1}, now_ + 900ms);
  EXPECT_EQ(conference_.requests.size(), 1U);
  media_->on_key_frame_request(Ssrc{1}, now_ + 1500ms);
  EXPECT_EQ(conference_.requests.size(), 1U) << "once a second";
  media_->on_key_frame_request(Ssrc{1}, now_ + 2500ms);
  EXPECT_EQ(conference_.requests.size(), 1U) << "a loss explains only so much";
}

TEST_F(OutgoingMediaTest, VideoIsTaggedByTransportAudioIsNot) {
  const auto microphone = make_microphone("a-a0", 50);
  media_->add_source(*camera_, now_);
  media_->add_source(*microphone, now_);
  media_->set_target(*camera_, kLow);
  const auto video = send(*camera_, low_.write({.key = true}));
  ASSERT_EQ(video.size(), 2U);
  EXPECT_EQ(get_u16(video[0].extension(test::kTransportCcId).value(), 0), 1);
  EXPECT_EQ(get_u16(video[1].extension(test::kTransportCcId).value(), 0), 2);
  const auto audio = send(*microphone, {test::audio_packet(Ssrc{50}, 1, 0, 33)});
  ASSERT_EQ(audio.size(), 1U);
  EXPECT_FALSE(audio[0].extension(test::kTransportCcId));
  EXPECT_FALSE(audio[0].extension(test::kSendTimeId));
  EXPECT_EQ(get_u8(audio[0].extension(test::kLevelId).value(), 0), 33);
  media_->remove_source(*microphone);
}

TEST_F(OutgoingMediaTest, SendTimesTakeThePlaceOfTransportNumbers) {
  ExtensionMap extensions;
  extensions.add(test::kSendTimeId, ExtensionKind::absolute_send_time);
  media_->set_extensions(extensions);
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kLow);
  now_ = TimePoint{64s + 500ms};
  const auto video = send(*camera_, low_.write({.key = true, .packets = 1}));
  ASSERT_EQ(video.size(), 1U);
  const Bytes time = video[0].extension(test::kSendTimeId).value();
  EXPECT_EQ(ByteReader(time).u24(), 1U << 17);
}

TEST_F(OutgoingMediaTest, VideoIsRoundedWhereThatIsWished) {
  const auto microphone = make_microphone("a-a0", 50);
  for (const bool wished : {true, false}) {
    SCOPED_TRACE(wished);
    use({.equal_sizes = wished});
    media_->add_source(*camera_, now_);
    media_->add_source(*microphone, now_);
    media_->set_target(*camera_, kLow);
    auto frame = low_.write({.key = true});
    frame[0].resize(500);
    frame[1].resize(501);
    const auto video = send(*camera_, frame);
    ASSERT_EQ(video.size(), 2U);
    EXPECT_EQ(video[0].bytes.size() == video[1].bytes.size(), wished);
    EXPECT_EQ(video[1].media().size(), 501U - wire::kRtpFixedHeader) << "the payload is the sender's";
    auto voice = test::audio_packet(Ssrc{50}, 1, 0, 33);
    voice.resize(500);
    const auto audio = send(*microphone, {voice});
    ASSERT_EQ(audio.size(), 1U);
    EXPECT_EQ(audio[0].header.padding, 0);
    now_ += 50ms;
    const auto repeated = nack(Ssrc{1}, {video[1].header.sequence});
    ASSERT_EQ(repeated.size(), 1U);
    EXPECT_EQ(repeated[0].header.padding, 0) << "what is repeated comes alone";
    EXPECT_TRUE(std::ranges::equal(repeated[0].media().subspan(2), video[1].media()));
  }
  media_->remove_source(*microphone);
}

// RFC 3711 §3.3.2: the receiver takes no number twice.
TEST_F(OutgoingMediaTest, NumbersOfAStreamGoOnWhenItsSourceComesAgain) {
  const auto microphone = make_microphone("a-a0", 50);
  media_->add_source(*microphone, now_);
  const auto before = send(*microphone, {test::audio_packet(Ssrc{50}, 0xfff0, 0, 33)});
  media_->remove_source(*microphone);
  const auto same = make_microphone("a-a0", 50);
  now_ += 5s;
  media_->add_source(*same, now_);
  const auto after = send(*same, {test::audio_packet(Ssrc{50}, 7, 960, 33)});
  ASSERT_EQ(before.size(), 1U);
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].header.sequence, before[0].header.sequence + 1);
  media_->remove_source(*same);

  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kLow);
  const auto picture = send(*camera_, low_.write({.key = true}));
  now_ += 50ms;
  const auto first = nack(Ssrc{1}, {picture.back().header.sequence});
  media_->remove_source(*camera_);
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kLow);
  const auto again = send(*camera_, low_.write({.key = true}));
  now_ += 50ms;
  const auto second = nack(Ssrc{1}, {again.back().header.sequence});
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(again[0].header.sequence, picture.back().header.sequence + 1);
  EXPECT_EQ(second[0].header.sequence, first[0].header.sequence + 1) << "of retransmissions, too";
}

// Checklist: 122, 124
TEST_F(OutgoingMediaTest, LostPacketsAreRepeatedAsRtx) {
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kHigh);
  send(*camera_, low_.write({.key = true}));
  const auto sent = send(*camera_, high_.write({.key = true, .packets = 3}));
  now_ += 50ms;
  const auto repeated =
      nack(Ssrc{1}, {sent[1].header.sequence, static_cast<std::uint16_t>(sent[2].header.sequence + 99)});
  ASSERT_EQ(repeated.size(), 1U);
  const wire::RtpHeader& rtx = repeated[0].header;
  EXPECT_EQ(rtx.ssrc, Ssrc{11});
  EXPECT_EQ(rtx.payload_type, test::kRtx);
  EXPECT_EQ(rtx.sequence, 1);
  EXPECT_EQ(rtx.timestamp, sent[1].header.timestamp);
  EXPECT_EQ(rtx.marker, sent[1].header.marker);
  EXPECT_EQ(get_u16(rtx.payload, 0), sent[1].header.sequence);
  EXPECT_TRUE(std::ranges::equal(rtx.payload.subspan(2), sent[1].header.payload))
      << "descriptor rewritten alike";
  EXPECT_TRUE(repeated[0].extension(test::kTransportCcId));
  EXPECT_EQ(media_->totals().retransmitted, 1U);
}

TEST_F(OutgoingMediaTest, WhatIsNotWantedAnyMoreIsNotRepeated) {
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kHigh);
  const auto sent = send(*camera_, high_.write({.key = true, .packets = 3}));
  media_->set_target(*camera_, std::nullopt);
  now_ += 500ms;
  EXPECT_EQ(nack(Ssrc{1}, {sent[1].header.sequence}).size(), 0U);
}

TEST_F(OutgoingMediaTest, WithoutRtxThePacketItselfIsRepeated) {
  payloads_ = {};
  PayloadFormat video{.id = test::kVp8, .codec = Codec::vp8, .kind = MediaKind::video, .clock_rate = 90000};
  payloads_.add(video);
  media_->set_payload_types(payloads_);
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kLow);
  const auto sent = send(*camera_, low_.write({.key = true}));
  now_ += 50ms;
  const auto repeated = nack(Ssrc{1}, {sent[1].header.sequence});
  ASSERT_EQ(repeated.size(), 1U);
  EXPECT_EQ(repeated[0].bytes, sent[1].bytes);
}

// Checklist: 123, 131
TEST_F(OutgoingMediaTest, NoSecondRetransmissionWithinARoundTrip) {
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kLow);
  const auto sent = send(*camera_, low_.write({.key = true}));
  const std::uint16_t lost = sent[1].header.sequence;
  const wire::SenderReport report{.ssrc = Ssrc{1}, .ntp = 0x1111222233334444, .rtp_timestamp = 5};
  media_->on_sender_report(*camera_, 0, report, now_);
  media_->on_report_block({.ssrc = Ssrc{1}, .last_sr = report.compact_ntp(), .delay_since_last_sr = 65536},
                          now_ + 1100ms);
  ASSERT_EQ(media_->rtt(), Duration(100ms));
  now_ += 1200ms;
  EXPECT_EQ(nack(Ssrc{1}, {lost}).size(), 1U);
  now_ += 89ms;
  EXPECT_EQ(nack(Ssrc{1}, {lost}).size(), 0U);
  now_ += 2ms;
  EXPECT_EQ(nack(Ssrc{1}, {lost}).size(), 1U);
}

TEST_F(OutgoingMediaTest, OldPacketsGoBackToThePool) {
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kLow);
  send(*camera_, low_.write({.key = true, .packets = 5}));
  EXPECT_EQ(pool_.in_use(), 5U);
  for (int i = 0; i < 10 && media_->next_wakeup(); ++i) media_->on_wakeup(now_ = *media_->next_wakeup());
  EXPECT_EQ(pool_.in_use(), 0U);
  EXPECT_EQ(media_->next_wakeup(), std::nullopt);
}

// Checklist: 128
TEST_F(OutgoingMediaTest, SenderReportsFollowTheEncodingThatIsShown) {
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kHigh);
  wire::SenderReport report{.ssrc = Ssrc{3}, .ntp = 0x0102030405060708, .packets = 1000, .octets = 100000};
  media_->on_sender_report(*camera_, 2, report, now_);
  EXPECT_TRUE(port_.take_rtcp().empty()) << "nothing sent yet";
  send(*camera_, low_.write({.key = true}));
  now_ += 40ms;
  const auto sent = send(*camera_, high_.write({.key = true, .packets = 3}));
  report.rtp_timestamp = high_.timestamp + 1234;
  media_->on_sender_report(*camera_, 0, report, now_);
  EXPECT_TRUE(port_.take_rtcp().empty()) << "of an encoding that is not shown";
  media_->on_sender_report(*camera_, 2, report, now_);
  const auto rtcp = port_.take_rtcp();
  ASSERT_EQ(rtcp.size(), 1U);
  const auto read = wire::parse_sender_report(test::first_rtcp(rtcp[0]));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->ssrc, Ssrc{1});
  EXPECT_EQ(read->ntp, report.ntp) << "lip sync hangs on it";
  EXPECT_EQ(read->rtp_timestamp, sent[0].header.timestamp + 1234);
  EXPECT_EQ(read->packets, 5U);
}

TEST_F(OutgoingMediaTest, TransportFeedbackIsMatchedWithWhatWasSent) {
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kLow);
  send(*camera_, low_.write({.key = true, .packets = 3}));
  report_arrived({1, 3, 9}, now_ + 50ms);
  EXPECT_EQ(media_->totals().reported_received, 2U);
  EXPECT_EQ(media_->totals().reported_lost, 1U);
  EXPECT_EQ(media_->totals().unmatched_feedback, 6U);
}

TEST_F(OutgoingMediaTest, AFullPortIsCountedAndRepairable) {
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kLow);
  const auto first = send(*camera_, low_.write({.key = true, .packets = 1}));
  port_.full = true;
  send(*camera_, low_.write({.packets = 1}));
  port_.full = false;
  EXPECT_EQ(media_->drops()[Drop::no_room], 1U);
  now_ += 20ms;
  EXPECT_EQ(nack(Ssrc{1}, {static_cast<std::uint16_t>(first[0].header.sequence + 1)}).size(), 1U);
}

// SSRC rewriting

// Checklist: 195
TEST_F(OutgoingMediaTest, SlotsAreToldBeforeTheyAreUsed) {
  use({.ssrc_rewriting = true, .mid_demux = true});
  media_->add_source(*camera_, now_);
  media_->set_target(*camera_, kLow);
  EXPECT_TRUE(send(*camera_, low_.write({.key = true})).empty());
  EXPECT_EQ(media_->drops()[Drop::not_mapped], 2U);
  const std::array wanted{static_cast<const Source*>(camera_.get())};
  media_->set_video_slots(wanted, now_);
  ASSERT_EQ(conference_.slots.size(), 1U);
  const SlotMapping slot = conference_.slots[0];
  EXPECT_EQ(slot.source, camera_.get());
  EXPECT_NE(slot.ssrc, slot.rtx);
  EXPECT_EQ(slot.mid, "v0");
  EXPECT_TRUE(send(*camera_, low_.write({.key = true})).empty()) << "the map is still on its way";
  EXPECT_TRUE(conference_.requests.empty());
  now_ += kHold;
  EXPECT_TRUE(send(*camera_, low_.write({})).empty());
  EXPECT_EQ(conference_.requests.size(), 1U);
  const auto sent = send(*camera_, low_.write({.key = true}));
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].header.ssrc, slot.ssrc);
  EXPECT_EQ(as_text(sent[0].extension(test::kMidId).value()), "v0");
  media_->set_video_slots(wanted, now_);
  EXPECT_EQ(conference_.slots.size(), 1U) << "nothing changed";

  conference_.requests.clear();
  media_->on_key_frame_request(slot.ssrc, now_);
  EXPECT_EQ(conference_.requests, std::vector{0});
  now_ += 50ms;
  const auto repeated = nack(slot.ssrc, {sent[1].header.sequence});
  ASSERT_EQ(repeated.size(), 1U);
  EXPECT_EQ(repeated[0].header.ssrc, slot.rtx);
  EXPECT_EQ(as_text(repeated[0].extension(test::kMidId).value()), "v0");
}

// Checklist: 196, 197
TEST_F(OutgoingMediaTest, ARemappedSlotContinuesWithAKeyFrame) {
  use({.ssrc_rewriting = true, .video_slots = 1});
  const auto other = make_camera("b-v0", 101);
  test::Vp8Encoding other_low{.ssrc = Ssrc{101}, .sequence = 9, .timestamp = 9, .picture_id = 9, .tl0 = 9};
  for (Source* source : {camera_.get(), other.get()}) {
    media_->add_source(*source, now_);
    media_->set_target(*source, kLow);
  }
  const std::array first{static_cast<const Source*>(camera_.get())};
  const std::array second{static_cast<const Source*>(other.get())};
  media_->set_video_slots(first, now_);
  now_ += kHold;
  const auto before = send(*camera_, low_.write({.key = true}));
  ASSERT_EQ(before.size(), 2U);
  EXPECT_FALSE(before[0].extension(test::kMidId)) << "mids only on demand";
  now_ += 33ms;
  media_->set_video_slots(second, now_);
  ASSERT_EQ(conference_.slots.size(), 2U);
  EXPECT_EQ(conference_.slots[1].ssrc, conference_.slots[0].ssrc);
  EXPECT_EQ(conference_.slots[1].rtx, conference_.slots[0].rtx);
  EXPECT_TRUE(send(*camera_, low_.write({})).empty());
  EXPECT_TRUE(send(*other, other_low.write({})).empty());
  const auto after = send(*other, other_low.write({.key = true}));
  ASSERT_EQ(after.size(), 2U);
  EXPECT_EQ(after[0].header.ssrc, before[0].header.ssrc);
  EXPECT_EQ(after[0].header.sequence, static_cast<std::uint16_t>(before[1].header.sequence + 1));
  EXPECT_EQ(after[0].header.timestamp, before[0].header.timestamp + 2970);
  EXPECT_EQ(*after[0].vp8->picture_id, (*before[0].vp8->picture_id + 1) & 0x7fff);
  EXPECT_EQ(*after[0].vp8->tl0_picture_index,
            static_cast<std::uint8_t>(*before[0].vp8->tl0_picture_index + 1));
  media_->remove_source(*other);
  EXPECT_TRUE(media_->mappings(MediaKind::video).empty());
}

// Checklist: 196
TEST_F(OutgoingMediaTest, TheSpeakerTakesTheSlotThatWasSilentLongest) {
  use({.ssrc_rewriting = true, .audio_slots = 2});
  std::vector<std::unique_ptr<Source>> microphones;
  for (std::uint32_t i = 0; i < 3; ++i) microphones.push_back(make_microphone("m", 50 + i));
  for (const auto& microphone : microphones) media_->add_source(*microphone, now_);
  ASSERT_EQ(conference_.slots.size(), 2U) << "mapped as soon as they are known";
  const auto say = [&](std::uint32_t who, std::uint16_t sequence, std::uint32_t timestamp) {
    now_ += 20ms;
    return send(*microphones[who], {test::audio_packet(Ssrc{50 + who}, sequence, timestamp)});
  };
  now_ += kHold;
  const auto first = say(1, 100, 0);
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(say(0, 500, 0).size(), 1U);
  const auto third = say(2, 9, 0);
  ASSERT_EQ(third.size(), 1U) << "a used SSRC needs no waiting";
  ASSERT_EQ(conference_.slots.size(), 3U);
  EXPECT_EQ(conference_.slots[2].source, microphones[2].get());
  EXPECT_EQ(third[0].header.ssrc, first[0].header.ssrc);
  EXPECT_EQ(third[0].header.sequence, first[0].header.sequence + 1);
  EXPECT_EQ(third[0].header.timestamp, first[0].header.timestamp + 40 * 48);
  EXPECT_EQ(media_->mappings(MediaKind::audio).size(), 2U);
  for (const auto& microphone : microphones) media_->remove_source(*microphone);
}

}  // namespace
}  // namespace cloister::videobridge::media
