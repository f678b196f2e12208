#include "videobridge/media/projection/vp9_projection.h"

#include <gtest/gtest.h>

#include <utility>

#include "unit/videobridge/media/projection/layered_projection.h"
#include "videobridge/media/incoming/packet_inspection.h"

namespace cloister::videobridge::media {
namespace {

using test::LayeredVideo;
using test::LayerFrame;
using test::Prediction;

constexpr PayloadFormat kFormat{
    .id = 101, .codec = Codec::vp9, .kind = MediaKind::video, .clock_rate = 90000};

enum class References : bool { by_pattern, flexible };

// One encoding's way onto the wire.
struct Encoding {
  LayeredVideo video;
  References references = References::by_pattern;
  std::uint16_t sequence = 0xfff0;
  std::uint32_t timestamp = 0xffff0000;
  std::uint16_t first_picture = 0x7ff0;
  std::uint8_t tl0 = 0xf0;
};

struct Sent {
  LayerFrame frame;
  std::vector<std::byte> payload;
  wire::RtpHeader header{};
};

// The packets of the next picture, two for each layer frame.
std::vector<Sent> write(Encoding& encoding, bool key) {
  const auto frames = encoding.video.next(key);
  encoding.timestamp += 3000;
  if (frames.front().temporal == 0) ++encoding.tl0;
  std::vector<Sent> out;
  for (const LayerFrame& frame : frames) {
    for (const bool last : {false, true}) {
      const bool flexible = encoding.references == References::flexible;
      const bool structure = key && frame.spatial == 0 && !last;
      std::array<std::byte, 100> room{};
      ByteWriter payload(room);
      payload.u8(static_cast<std::uint8_t>(0xa0 | (frame.back != 0 ? 0x40 : 0) | (flexible ? 0x10 : 0) |
                                           (last ? 0x04 : 0x08) | (structure ? 0x02 : 0) |
                                           (frame.not_for_upper ? 1 : 0)));
      payload.u16(static_cast<std::uint16_t>(0x8000U | (encoding.first_picture + frame.picture)));
      payload.u8(static_cast<std::uint8_t>(frame.temporal << 5 | 0x10 | frame.spatial << 1 |
                                           (frame.inter_layer ? 1 : 0)));
      if (!flexible) payload.u8(encoding.tl0);
      if (flexible && frame.back != 0) payload.u8(static_cast<std::uint8_t>(frame.back << 1));
      if (structure) {
        const std::uint8_t layers = encoding.video.spatial_layers();
        payload.u8(static_cast<std::uint8_t>((layers - 1) << 5 | 0x10));
        for (std::uint8_t i = 0; i < layers; ++i)
          payload.u16(static_cast<std::uint16_t>(320 << i)).u16(static_cast<std::uint16_t>(180 << i));
      }
      payload.zeros(10);
      Sent sent{
          .frame = frame, .payload = {payload.written().begin(), payload.written().end()}
      };
      sent.header.sequence = encoding.sequence++;
      sent.header.timestamp = encoding.timestamp;
      sent.header.marker = frame.last_of_picture && last;
      sent.header.ssrc = Ssrc{1U + frame.encoding};
      out.push_back(std::move(sent));
    }
  }
  return out;
}

class Vp9ProjectionTest : public test::LayeredProjectionTest<Vp9Projection, Encoding, Sent> {
protected:
  Result<Rewrite, Drop> give(const Sent& sent) override {
    ParsedPacket packet;
    packet.header = sent.header;
    packet.header.payload = sent.payload;
    packet.layer.encoding = sent.frame.encoding;
    packet.source = &source_;
    packet.format = &kFormat;
    packet.arrival = now_;
    EXPECT_TRUE(inspect_payload(packet));
    auto rewrite = projection_.accept(packet, position_);
    if (rewrite) numbers_ = std::get<wire::PictureNumbers>(rewrite->codec);
    return rewrite;
  }

  wire::PictureNumbers numbers_;
};

// Checklist: 146
TEST_F(Vp9ProjectionTest, OfKeyOnlyPredictionTheLowerLayersComeWithKeyPicturesOnly) {
  Encoding camera{
      .video = {0, 3, Prediction::key_only}
  };
  projection_.set_target(target(2));
  show(camera, true);
  EXPECT_EQ(receiver_.packets(), 6U) << "three layers, two packets each";
  EXPECT_TRUE(receiver_.marker());
  for (int i = 0; i < 40; ++i) {
    const std::size_t before = receiver_.packets();
    show(camera);
    EXPECT_EQ(receiver_.packets(), before + 2);
    EXPECT_EQ(receiver_.spatial(), 2);
    EXPECT_TRUE(receiver_.marker());
  }
}

// Checklist: 146
TEST_F(Vp9ProjectionTest, TheLastPacketOfTheLayerShownEndsThePicture) {
  Encoding camera{
      .video = {0, 3, Prediction::full}
  };
  projection_.set_target(target(1));
  for (int i = 0; i < 10; ++i) {
    const auto picture = write(camera, i == 0);
    std::vector<bool> markers;
    for (const Sent& sent : picture)
      if (const auto rewrite = give(sent)) markers.push_back(rewrite->marker);
    EXPECT_EQ(markers, (std::vector{false, false, false, true}));
  }
}

TEST_F(Vp9ProjectionTest, ResolutionGrowsWithAKeyPictureOnly) {
  for (const Prediction prediction : {Prediction::key_only, Prediction::full}) {
    Encoding camera{
        .video = {0, 3, prediction},
          .first_picture = 77
    };
    projection_.restart();
    projection_.set_target(target(0));
    show(camera, true);
    show_for(camera, 7);
    EXPECT_EQ(receiver_.spatial(), 0);
    EXPECT_FALSE(projection_.needs_key_frame());
    projection_.set_target(target(2));
    show_for(camera, 4);
    EXPECT_EQ(receiver_.spatial(), 0) << "the lower layer stays in the meantime";
    EXPECT_TRUE(projection_.needs_key_frame());
    show(camera, true);
    EXPECT_EQ(receiver_.spatial(), 2);
    EXPECT_FALSE(projection_.needs_key_frame());
  }
}

TEST_F(Vp9ProjectionTest, OfFullPredictionALowerLayerTakesOverAtOnce) {
  Encoding camera{
      .video = {0, 3, Prediction::full}
  };
  projection_.set_target(target(2));
  show(camera, true);
  show_for(camera, 6);
  projection_.set_target(target(0));
  show_for(camera, 2);  // the next picture of the base layer is one of them
  EXPECT_EQ(receiver_.spatial(), 0);
  EXPECT_FALSE(projection_.needs_key_frame());
  show_for(camera, 20);
}

// Checklist: 143
TEST_F(Vp9ProjectionTest, OfKeyOnlyPredictionTheRateGoesDownUntilAKeyPictureComes) {
  Encoding camera{
      .video = {0, 3, Prediction::key_only}
  };
  projection_.set_target(target(2));
  show(camera, true);
  show_for(camera, 7);
  projection_.set_target(target(0));
  for (int i = 0; i < 8; ++i) {
    const std::size_t before = receiver_.packets();
    show_for(camera, 1);
    if (receiver_.packets() == before) continue;
    EXPECT_EQ(receiver_.spatial(), 2);
    EXPECT_EQ(receiver_.temporal(), 0);
  }
  EXPECT_TRUE(projection_.needs_key_frame());
  show(camera, true);
  show_for(camera, 4);
  EXPECT_EQ(receiver_.spatial(), 0);
}

TEST_F(Vp9ProjectionTest, FramesThatAreLeftOutKeepTheirPictureIds) {
  Encoding camera{
      .video = {0, 1, Prediction::full},
        .references = References::flexible
  };
  projection_.set_target(target(0, 0));
  show(camera, true);
  const std::uint16_t first = numbers_.picture_id;
  show_for(camera, 8);
  EXPECT_EQ(numbers_.picture_id, (first + 8) & 0x7fff) << "references count in picture ids";
}

// Checklist: 137, 149
TEST_F(Vp9ProjectionTest, SimulcastEncodingsContinueOneAnother) {
  Encoding low{
      .video = {0, 1, Prediction::full}
  };
  Encoding high{
      .video = {1, 1, Prediction::full},
        .sequence = 500, .timestamp = 77, .first_picture = 5, .tl0 = 9
  };
  projection_.set_target(Layer{.encoding = 1, .temporal = 2});
  show(low, true);
  show_for(low, 9);
  const auto before = numbers_;
  const std::uint32_t time = receiver_.timestamp();
  now_ += 33ms;
  show(high, true);
  EXPECT_EQ(receiver_.encoding(), 1);
  EXPECT_EQ(numbers_.picture_id, (before.picture_id + 1) & 0x7fff);
  EXPECT_EQ(numbers_.tl0_picture_index, static_cast<std::uint8_t>(before.tl0_picture_index + 1));
  EXPECT_EQ(receiver_.timestamp(), time + 2970);
  show_for(low, 2);
  EXPECT_EQ(receiver_.encoding(), 1);
}

// Checklist: 150
TEST_F(Vp9ProjectionTest, ARestartOfTheSenderGoesOnWithItsKeyPicture) {
  Encoding camera{
      .video = {0, 3, Prediction::key_only}
  };
  projection_.set_target(target(2));
  show(camera, true);
  show_for(camera, 3);
  const auto before = numbers_;
  camera.first_picture = 12345;
  camera.sequence = 20000;
  show_for(camera, 1);
  EXPECT_TRUE(projection_.needs_key_frame());
  now_ += 33ms;
  show(camera, true);
  EXPECT_EQ(numbers_.picture_id, (before.picture_id + 1) & 0x7fff);
  show_for(camera, 4);
}

TEST_F(Vp9ProjectionTest, FewerSpatialLayersAreTheHighestThereIs) {
  Encoding camera{
      .video = {0, 3, Prediction::key_only}
  };
  projection_.set_target(target(2));
  show(camera, true);
  show_for(camera, 3);
  camera.video.set_spatial_layers(2);
  show(camera, true);
  show_for(camera, 3);
  EXPECT_EQ(receiver_.spatial(), 1);
  EXPECT_TRUE(receiver_.marker());
  EXPECT_FALSE(projection_.needs_key_frame());
}

// Checklist: 140, 141
TEST_F(Vp9ProjectionTest, LostPacketsOfKeptFramesLeaveGapsThatRepairsFill) {
  expect_repairs_to_fill_gaps({
      .video = {0, 2, Prediction::key_only}
  });
}

struct Wandering {
  Prediction prediction;
  References references;
};

// Checklist: 136, 137, 139, 148
TEST_F(Vp9ProjectionTest, WhateverIsSentCanBeDecoded) {
  for (const auto& [prediction, references] : {
           Wandering{Prediction::key_only, References::by_pattern},
           Wandering{Prediction::key_only, References::flexible  },
           Wandering{Prediction::full,     References::by_pattern},
           Wandering{Prediction::full,     References::flexible  }
  }) {
    SCOPED_TRACE(std::to_string(int(prediction)) + std::to_string(int(references)));
    expect_decodable_whatever_is_wished_for({
        .video = {0, 3, prediction},
          .references = references, .first_picture = 3
    });
  }
}

// Checklist: 138, 140, 141
TEST_F(Vp9ProjectionTest, OnABadLineEveryNumberIsGivenOnceAndInOrder) {
  for (const Prediction prediction : {Prediction::key_only, Prediction::full}) {
    SCOPED_TRACE(int(prediction));
    expect_numbers_once_and_in_order_on_a_bad_line({
        .video = {0, 3, prediction},
          .first_picture = 3
    });
  }
}

}  // namespace
}  // namespace cloister::videobridge::media
