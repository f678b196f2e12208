#include "videobridge/media/projection/vp8_projection.h"

#include <gtest/gtest.h>

#include "unit/videobridge/media/media_support.h"

namespace cloister::videobridge::media {
namespace {

using test::kStart;

constexpr Layer kHigh{.encoding = 2, .temporal = 2};

// Sends the frames of three encodings through one projection.
class Vp8ProjectionTest : public testing::Test {
protected:
  struct Sent {
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint16_t picture_id = 0;
    std::uint8_t tl0 = 0;
  };
  using Packets = std::vector<test::Datagram>;

  Packets frame(std::uint8_t encoding, test::Vp8Encoding::Frame frame) {
    return encodings_[encoding].write(frame);
  }

  Result<Sent, Drop> give(const test::Datagram& datagram) {
    ParsedPacket packet;
    packet.header = *wire::parse_rtp(datagram);
    packet.vp8 = *wire::parse_vp8(packet.header.payload);
    packet.key_frame = packet.vp8->key_frame;
    packet.key_frames_known = true;
    packet.layer = {.encoding = static_cast<std::uint8_t>(raw(packet.header.ssrc) - 1),
                    .temporal = *packet.vp8->temporal};
    packet.source = &source_;
    packet.format = &format_;
    packet.arrival = now_;
    const auto rewrite = projection_.accept(packet, position_);
    if (!rewrite) return fail(rewrite.error());
    const auto& picture = std::get<wire::PictureNumbers>(rewrite->codec);
    return Sent{rewrite->sequence, rewrite->timestamp, picture.picture_id, picture.tl0_picture_index};
  }
  // All packets must pass; returns the first.
  Sent pass(const Packets& packets) {
    std::optional<Sent> first;
    for (const auto& packet : packets) {
      const auto sent = give(packet);
      EXPECT_TRUE(sent);
      if (!sent) return {};
      if (!first) first = *sent;
    }
    return first.value_or(Sent{});
  }
  void drop(const Packets& packets, Drop reason) {
    for (const auto& packet : packets) {
      const auto sent = give(packet);
      ASSERT_FALSE(sent);
      EXPECT_EQ(name_of(sent.error()), name_of(reason));
    }
  }

  SourceIds ids_;
  Source source_{
      EndpointId("a"),
      {.name = SourceName("a-v0"), .kind = MediaKind::video, .encodings = {{Ssrc{1}}, {Ssrc{2}}, {Ssrc{3}}}},
      ids_
  };
  PayloadFormat format_{.id = test::kVp8, .codec = Codec::vp8, .kind = MediaKind::video, .clock_rate = 90000};
  std::array<test::Vp8Encoding, 3> encodings_{
      test::Vp8Encoding{.ssrc = Ssrc{1},    .index = 0          },
      test::Vp8Encoding{
                        .ssrc = Ssrc{2},                               .index = 1, .sequence = 500, .timestamp = 77, .picture_id = 5, .tl0 = 9},
      test::Vp8Encoding{
                        .ssrc = Ssrc{3}, .index = 2,                                           .sequence = 40000, .timestamp = 1 << 20, .picture_id = 900}
  };
  Vp8Projection projection_;
  StreamPosition position_;
  TimePoint now_ = kStart;
};

TEST_F(Vp8ProjectionTest, TheFirstFrameKeepsItsNumbers) {
  projection_.set_target(kHigh);
  drop(frame(0, {}), Drop::awaiting_key_frame);
  const auto packets = frame(0, {.key = true});
  const Sent sent = pass(packets);
  const test::Received original(packets[0]);
  EXPECT_EQ(sent.sequence, original.header.sequence & 0x7fff) << "in the lower half";
  EXPECT_EQ(sent.timestamp, original.header.timestamp);
  EXPECT_EQ(sent.picture_id, original.vp8->picture_id);
  EXPECT_EQ(sent.tl0, original.vp8->tl0_picture_index);
}

TEST_F(Vp8ProjectionTest, ASwitchContinuesByTheTimePassed) {
  projection_.set_target(kHigh);
  const Sent low = pass(frame(0, {.key = true, .packets = 3}));
  now_ += 100ms;
  const Sent high = pass(frame(2, {.key = true}));
  EXPECT_EQ(high.sequence, static_cast<std::uint16_t>(low.sequence + 3));
  EXPECT_EQ(high.timestamp, low.timestamp + 9000);
  EXPECT_EQ(high.picture_id, (low.picture_id + 1) & 0x7fff);
  EXPECT_EQ(high.tl0, static_cast<std::uint8_t>(low.tl0 + 1));
  const Sent next = pass(frame(2, {}));
  EXPECT_EQ(next.sequence, static_cast<std::uint16_t>(high.sequence + 2));
  EXPECT_EQ(next.timestamp, high.timestamp + 3000);
  drop(frame(0, {}), Drop::other_encoding);
}

TEST_F(Vp8ProjectionTest, AnIncompleteFrameLeavesOneGapAndItsRestIsDropped) {
  projection_.set_target(kHigh);
  const auto low = frame(0, {.key = true, .packets = 3});
  const auto first = give(low[0]);
  ASSERT_TRUE(first);
  const Sent high = pass(frame(2, {.key = true}));
  EXPECT_EQ(high.sequence, static_cast<std::uint16_t>(first->sequence + 2));
  drop({low[1], low[2]}, Drop::other_encoding);
}

TEST_F(Vp8ProjectionTest, LeavingOutTemporalLayersShowsNoGap) {
  projection_.set_target(Layer{.encoding = 0, .temporal = 1});
  Sent last = pass(frame(0, {.key = true}));
  for (int i = 0; i < 300; ++i) {
    drop(frame(0, {.temporal = 2, .packets = 3}), Drop::other_layer);
    const Sent middle = pass(frame(0, {.temporal = 1, .packets = 1}));
    EXPECT_EQ(middle.sequence, static_cast<std::uint16_t>(last.sequence + 2));
    EXPECT_EQ(middle.picture_id, (last.picture_id + 1) & 0x7fff);
    drop(frame(0, {.temporal = 2}), Drop::other_layer);
    const Sent base = pass(frame(0, {}));
    EXPECT_EQ(base.sequence, static_cast<std::uint16_t>(middle.sequence + 1));
    EXPECT_EQ(base.picture_id, (middle.picture_id + 1) & 0x7fff);
    EXPECT_EQ(base.timestamp, last.timestamp + 4 * 3000);
    EXPECT_EQ(base.tl0, static_cast<std::uint8_t>(last.tl0 + 1));
    last = base;
  }
}

TEST_F(Vp8ProjectionTest, LossInAKeptLayerLeavesAGapThatARepairFills) {
  projection_.set_target(Layer{.encoding = 0, .temporal = 0});
  const Sent key = pass(frame(0, {.key = true}));
  drop(frame(0, {.temporal = 1, .packets = 1}), Drop::other_layer);
  const auto lost = frame(0, {.packets = 2});
  drop(frame(0, {.temporal = 1, .packets = 1}), Drop::other_layer);
  const Sent next = pass(frame(0, {}));
  const Sent repaired = pass(lost);
  EXPECT_EQ(repaired.sequence, static_cast<std::uint16_t>(key.sequence + 2));
  EXPECT_EQ(next.sequence, static_cast<std::uint16_t>(key.sequence + 4));
  EXPECT_EQ(next.picture_id, (repaired.picture_id + 1) & 0x7fff);
}

TEST_F(Vp8ProjectionTest, LossInADroppedFrameLeavesNone) {
  projection_.set_target(Layer{.encoding = 0, .temporal = 0});
  const Sent key = pass(frame(0, {.key = true}));
  auto middle = frame(0, {.temporal = 1, .packets = 5});
  drop({middle[1], middle[3]}, Drop::other_layer);  // its first, third and last packets are lost
  const Sent next = pass(frame(0, {}));
  EXPECT_EQ(next.sequence, static_cast<std::uint16_t>(key.sequence + 2));
  drop({middle[2], middle[4]}, Drop::frame_dropped);
}

TEST_F(Vp8ProjectionTest, ReorderedPacketsKeepTheirPlaces) {
  projection_.set_target(Layer{.encoding = 0, .temporal = 2});
  const Sent key = pass(frame(0, {.key = true}));
  const auto one = frame(0, {.packets = 2});
  const auto two = frame(0, {.packets = 1});
  const auto first = give(one[0]);
  const auto third = give(two[0]);
  const auto second = give(one[1]);
  ASSERT_TRUE(first && second && third);
  EXPECT_EQ(first->sequence, static_cast<std::uint16_t>(key.sequence + 2));
  EXPECT_EQ(second->sequence, static_cast<std::uint16_t>(key.sequence + 3));
  EXPECT_EQ(third->sequence, static_cast<std::uint16_t>(key.sequence + 4));
  EXPECT_EQ(second->picture_id, first->picture_id);
}

TEST_F(Vp8ProjectionTest, ALayerIsJoinedOnlyWhereItMayBe) {
  projection_.set_target(Layer{.encoding = 0, .temporal = 0});
  pass(frame(0, {.key = true}));
  drop(frame(0, {.temporal = 2, .sync = true}), Drop::other_layer);
  drop(frame(0, {.temporal = 1, .sync = true}), Drop::other_layer);
  projection_.set_target(Layer{.encoding = 0, .temporal = 2});
  drop(frame(0, {.temporal = 2}), Drop::other_layer);
  pass(frame(0, {}));
  pass(frame(0, {.temporal = 2, .sync = true}));
  drop(frame(0, {.temporal = 1}), Drop::other_layer);
  drop(frame(0, {.temporal = 2}), Drop::other_layer);  // it may need the one before
  pass(frame(0, {.temporal = 1, .sync = true}));
  pass(frame(0, {.temporal = 1}));
}

TEST_F(Vp8ProjectionTest, ARestartOfTheSenderGoesOnWithItsKeyFrame) {
  projection_.set_target(Layer{.encoding = 0, .temporal = 2});
  const Sent before = pass(frame(0, {.key = true}));
  encodings_[0].picture_id = 12345;
  encodings_[0].sequence = 20000;
  encodings_[0].timestamp = 1;
  drop(frame(0, {}), Drop::too_old);
  EXPECT_TRUE(projection_.needs_key_frame());
  now_ += 33ms;
  const Sent after = pass(frame(0, {.key = true}));
  EXPECT_EQ(after.sequence, static_cast<std::uint16_t>(before.sequence + 2));
  EXPECT_EQ(after.timestamp, before.timestamp + 2970);
  EXPECT_EQ(after.picture_id, (before.picture_id + 1) & 0x7fff);
  EXPECT_FALSE(projection_.needs_key_frame());
}

TEST_F(Vp8ProjectionTest, AScreenShareOnTheThirdEncodingOnlyIsShown) {
  projection_.set_target(kHigh);
  pass(frame(2, {.key = true}));
  pass(frame(2, {}));
  EXPECT_EQ(projection_.current_encoding(), 2);
}

TEST_F(Vp8ProjectionTest, AKeyFrameAfterItsFollowersComesTooLate) {
  projection_.set_target(Layer{.encoding = 0, .temporal = 2});
  const auto late = frame(0, {.key = true});
  drop(frame(0, {}), Drop::awaiting_key_frame);
  drop({late[0]}, Drop::awaiting_key_frame);
  pass(frame(0, {.key = true}));
}

TEST_F(Vp8ProjectionTest, AResumedSourceContinues) {
  projection_.set_target(Layer{.encoding = 1, .temporal = 2});
  const Sent before = pass(frame(1, {.key = true}));
  projection_.set_target(std::nullopt);
  drop(frame(1, {}), Drop::not_wanted);
  projection_.set_target(Layer{.encoding = 1, .temporal = 2});
  EXPECT_TRUE(projection_.needs_key_frame());
  drop(frame(1, {}), Drop::awaiting_key_frame);
  now_ += 2s;
  const Sent after = pass(frame(1, {.key = true}));
  EXPECT_EQ(after.sequence, before.sequence + 2);
  EXPECT_EQ(after.timestamp, before.timestamp + 2 * 90000);
  EXPECT_EQ(after.picture_id, before.picture_id + 1);
}

}  // namespace
}  // namespace cloister::videobridge::media
