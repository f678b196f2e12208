#include "videobridge/media/projection/dependency_projection.h"

#include <gtest/gtest.h>

#include <utility>

#include "support/call/dependency_writer.h"
#include "unit/videobridge/media/projection/layered_projection.h"
#include "videobridge/media/incoming/packet_inspection.h"

namespace cloister::videobridge::media {
namespace {

using support::DependencyWriter;
using test::LayeredVideo;
using test::LayerFrame;
using test::Prediction;

constexpr PayloadFormat kFormat{.id = 41, .codec = Codec::av1, .kind = MediaKind::video, .clock_rate = 90000};

// One encoding's way onto the wire.
struct Encoding {
  Encoding(std::uint8_t index, std::uint8_t layers, Prediction prediction, std::uint8_t template_offset = 0)
      : video(index, layers, prediction),
        descriptors(layers, prediction == Prediction::full, template_offset) {}

  LayeredVideo video;
  DependencyWriter descriptors;
  std::uint16_t sequence = 0xfff0;
  std::uint32_t timestamp = 0xffff0000;
  std::uint16_t frame_number = 0xffe0;
  std::optional<std::uint32_t> active_targets{};
};

struct Sent {
  LayerFrame frame;
  std::vector<std::byte> descriptor;
  wire::RtpHeader header{};
};

// The packets of the next picture, two for each frame.
std::vector<Sent> write(Encoding& encoding, bool key) {
  encoding.timestamp += 3000;
  std::vector<Sent> out;
  for (const LayerFrame& frame : encoding.video.next(key)) {
    const std::uint16_t number = encoding.frame_number++;
    for (const bool last : {false, true}) {
      Sent sent{.frame = frame,
                .descriptor =
                    encoding.descriptors.write({.number = number,
                                                .spatial = frame.spatial,
                                                .temporal = frame.temporal,
                                                .key = frame.key_picture,
                                                .start = !last,
                                                .end = last,
                                                .structure = frame.key_picture && frame.spatial == 0 && !last,
                                                .active_targets = encoding.active_targets})};
      sent.header.sequence = encoding.sequence++;
      sent.header.timestamp = encoding.timestamp;
      sent.header.marker = frame.last_of_picture && last;
      sent.header.ssrc = Ssrc{1U + frame.encoding};
      out.push_back(std::move(sent));
    }
  }
  return out;
}

class DependencyProjectionTest : public test::LayeredProjectionTest<DependencyProjection, Encoding, Sent> {
protected:
  Result<Rewrite, Drop> give(const Sent& sent) override {
    auto rewrite = give_on_a_bad_line(sent);
    if (rewrite) read(sent, std::get<wire::DependencyNumbers>(rewrite->codec));
    return rewrite;
  }
  Result<Rewrite, Drop> give_on_a_bad_line(const Sent& sent) override {
    constexpr std::array kPayload{std::byte{0x10}, std::byte{0}};
    ParsedPacket packet;
    packet.header = sent.header;
    packet.header.payload = kPayload;
    packet.kept[packet.kept_count++] = {ExtensionKind::dependency_descriptor, sent.descriptor};
    packet.layer.encoding = sent.frame.encoding;
    packet.source = &source_;
    packet.format = &kFormat;
    packet.arrival = now_;
    EXPECT_TRUE(inspect_payload(packet));
    return projection_.accept(packet, position_);
  }
  // What the receiver understands of a descriptor: the same frame, by other numbers.
  void read(const Sent& sent, const wire::DependencyNumbers& numbers) {
    std::array<std::byte, 255> room{};
    const std::size_t length = wire::write_dependency_descriptor(room, sent.descriptor, numbers);
    const auto descriptor = wire::parse_dependency_descriptor(std::span(room).first(length), received_);
    ASSERT_TRUE(descriptor && descriptor->frame);
    EXPECT_EQ(descriptor->frame->spatial, sent.frame.spatial);
    EXPECT_EQ(descriptor->frame->temporal, sent.frame.temporal);
    if (descriptor->has_structure) active_ = received_.all_targets();
    if (descriptor->active_targets) active_ = *descriptor->active_targets;
    const std::uint16_t number = descriptor->frame_number;
    numbers_[number] = sent.frame.id;
    for (std::size_t i = 0; i < sent.frame.references.size(); ++i) {
      const auto back = descriptor->frame->references()[i];
      EXPECT_EQ(numbers_.at(static_cast<std::uint16_t>(number - back)), sent.frame.references[i]);
    }
    frame_number_ = number;
  }

  wire::DependencyStructure received_;
  std::map<std::uint16_t, std::uint32_t> numbers_;  // frame number → frame
  std::uint32_t active_ = 0;
  std::uint16_t frame_number_ = 0;
};

// Checklist: 147
TEST_F(DependencyProjectionTest, OfKeyOnlyPredictionTheLowerLayersComeWithKeyPicturesOnly) {
  Encoding camera(0, 3, Prediction::key_only);
  projection_.set_target(target(2));
  show(camera, true);
  EXPECT_EQ(receiver_.packets(), 6U) << "three layers, two packets each";
  EXPECT_EQ(active_, 0x1ffU);
  for (int i = 0; i < 40; ++i) {
    const std::size_t before = receiver_.packets();
    show(camera);
    EXPECT_EQ(receiver_.packets(), before + 2);
    EXPECT_EQ(receiver_.spatial(), 2);
    EXPECT_TRUE(receiver_.marker());
  }
}

// Checklist: 147
TEST_F(DependencyProjectionTest, TheReceiverIsToldWhichTargetsGoOn) {
  Encoding camera(0, 3, Prediction::full);
  projection_.set_target(target(1, 1));
  show(camera, true);
  EXPECT_EQ(active_, 0b000'011'011U);
  EXPECT_TRUE(receiver_.marker()) << "on the highest layer sent";
  projection_.set_target(target(1, 2));
  show_for(camera, 4);
  EXPECT_EQ(active_, 0b000'111'111U);
  projection_.set_target(target(0, 0));
  show_for(camera, 4);
  EXPECT_EQ(active_, 0b000'000'001U);
}

TEST_F(DependencyProjectionTest, ResolutionGrowsWithAKeyPictureOnly) {
  for (const Prediction prediction : {Prediction::key_only, Prediction::full}) {
    Encoding camera(0, 3, prediction);
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

TEST_F(DependencyProjectionTest, OfFullPredictionALowerLayerTakesOverWithItsNextBasePicture) {
  Encoding camera(0, 3, Prediction::full);
  projection_.set_target(target(2));
  show(camera, true);
  show_for(camera, 5);
  projection_.set_target(target(0));
  show_for(camera, 4);
  EXPECT_EQ(receiver_.spatial(), 0);
  EXPECT_FALSE(projection_.needs_key_frame());
  show_for(camera, 20);
}

// Checklist: 143
TEST_F(DependencyProjectionTest, OfKeyOnlyPredictionTheRateGoesDownUntilAKeyPictureComes) {
  Encoding camera(0, 3, Prediction::key_only);
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

// Checklist: 137, 147
TEST_F(DependencyProjectionTest, SimulcastEncodingsContinueOneAnother) {
  Encoding low(0, 1, Prediction::full);
  Encoding high(1, 1, Prediction::full);
  high.sequence = 500;
  high.timestamp = 77;
  high.frame_number = 5;
  projection_.set_target(Layer{.encoding = 1, .temporal = 2});
  show(low, true);
  show_for(low, 9);
  const std::uint8_t templates = received_.template_count;
  const std::uint16_t number = frame_number_;
  now_ += 33ms;
  show(high, true);
  EXPECT_EQ(receiver_.encoding(), 1);
  EXPECT_EQ(frame_number_, static_cast<std::uint16_t>(number + 1));
  EXPECT_EQ(received_.template_id_offset, templates) << "ids of the old structure stay its own";
  show_for(high, 8);
  projection_.set_target(target(0));
  show(low, true);
  EXPECT_EQ(received_.template_id_offset, 2 * templates);
  show_for(low, 8);
}

TEST_F(DependencyProjectionTest, ALayerThatTheSenderGivesUpIsLeft) {
  Encoding camera(0, 3, Prediction::full);
  projection_.set_target(target(2));
  show(camera, true);
  show_for(camera, 3);
  camera.active_targets = 0b000'111'111;
  show_for(camera, 5);
  EXPECT_EQ(receiver_.spatial(), 1);
  EXPECT_EQ(active_, 0b000'111'111U);
}

// Checklist: 150
TEST_F(DependencyProjectionTest, ARestartOfTheSenderGoesOnWithItsKeyPicture) {
  Encoding camera(0, 3, Prediction::key_only);
  projection_.set_target(target(2));
  show(camera, true);
  show_for(camera, 3);
  const std::uint16_t number = frame_number_;
  camera.frame_number = 12345;
  camera.sequence = 20000;
  show_for(camera, 1);
  EXPECT_TRUE(projection_.needs_key_frame());
  now_ += 33ms;
  show(camera, true);
  EXPECT_EQ(frame_number_, static_cast<std::uint16_t>(number + 3));
  show_for(camera, 4);
}

TEST_F(DependencyProjectionTest, WithoutTheStructureAKeyFrameIsAskedFor) {
  Encoding camera(0, 1, Prediction::full);
  projection_.set_target(target(0));
  (void)write(camera, true);
  show_for(camera, 3);
  EXPECT_EQ(receiver_.packets(), 0U);
  EXPECT_TRUE(projection_.needs_key_frame());
}

// Checklist: 140, 141
TEST_F(DependencyProjectionTest, LostPacketsOfKeptFramesLeaveGapsThatRepairsFill) {
  expect_repairs_to_fill_gaps(Encoding(0, 2, Prediction::key_only));
}

// Checklist: 136, 137, 139, 147
TEST_F(DependencyProjectionTest, WhateverIsSentCanBeDecoded) {
  for (const Prediction prediction : {Prediction::key_only, Prediction::full}) {
    SCOPED_TRACE(int(prediction));
    expect_decodable_whatever_is_wished_for(Encoding(0, 3, prediction, 50));
  }
}

// Checklist: 138, 140, 141
TEST_F(DependencyProjectionTest, OnABadLineEveryNumberIsGivenOnceAndInOrder) {
  for (const Prediction prediction : {Prediction::key_only, Prediction::full}) {
    SCOPED_TRACE(int(prediction));
    expect_numbers_once_and_in_order_on_a_bad_line(Encoding(0, 3, prediction));
  }
}

}  // namespace
}  // namespace cloister::videobridge::media
