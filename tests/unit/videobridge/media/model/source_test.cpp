#include "videobridge/media/model/source.h"

#include <gtest/gtest.h>

#include <array>

#include "videobridge/media/model/payload_map.h"

namespace cloister::videobridge::media {
namespace {

constexpr TimePoint kStart{1000s};

SourceDescription camera() {
  return {
      .name = SourceName("a-v0"),
      .kind = MediaKind::video,
      .encodings = {{Ssrc{1}, Ssrc{11}}, {Ssrc{2}, Ssrc{12}}, {Ssrc{3}, Ssrc{13}}}
  };
}

// Checklist: 152
TEST(Source, AssumesUsualLayersUntilPacketsShowOthers) {
  SourceIds ids;
  Source source(EndpointId("a"), camera(), ids);
  EXPECT_EQ(source.height(2), 720);
  EXPECT_EQ(source.frame_rate({.encoding = 0, .temporal = 0}), 7.5);
  EXPECT_EQ(source.frame_rate({.encoding = 0, .temporal = 2}), 30);
  const std::array upright{
      Source::Size{608, 1080}
  };
  source.on_sizes(2, upright);
  EXPECT_EQ(source.height(2), 608);
  source.on_packet({.encoding = 0}, LayerSet::from({}), 100, kStart);
  EXPECT_EQ(source.temporal_layers(0), 1);
  EXPECT_EQ(source.frame_rate({.encoding = 0, .temporal = 0}), 30);
}

TEST(Source, BitratesCoverTheLastSecondAndTheLayersBelow) {
  SourceIds ids;
  Source source(EndpointId("a"), camera(), ids);
  for (int i = 0; i < 200; ++i) {
    const Layer layer{.encoding = 1, .temporal = static_cast<std::uint8_t>(i % 2)};
    source.on_packet(layer, LayerSet::from(layer), 1000, kStart + i * 10ms);
  }
  const TimePoint now = kStart + 1990ms;
  EXPECT_NEAR(static_cast<double>(source.bitrate({.encoding = 1, .temporal = 1}, now)), 800'000, 50'000);
  EXPECT_NEAR(static_cast<double>(source.bitrate({.encoding = 1, .temporal = 0}, now)), 400'000, 25'000);
  EXPECT_EQ(source.bitrate({.encoding = 0, .temporal = 2}, now), 0);
  EXPECT_TRUE(source.is_active(1, now));
  EXPECT_FALSE(source.is_active(1, now + 1100ms));
}

// A second of one scalable stream: the lower layer is a part of the upper one with key pictures only (k-SVC).
TEST(Source, ALayerCostsWhatItsReceiverIsSent) {
  SourceIds ids;
  Source source(EndpointId("a"), camera(), ids);
  constexpr Layer kLow{.spatial = 0};
  constexpr Layer kHigh{.spatial = 1};
  const std::array sizes{
      Source::Size{320, 180},
      Source::Size{640, 360}
  };
  source.on_sizes(0, sizes);
  EXPECT_EQ(source.spatial_layers(0), 2);
  EXPECT_EQ(source.height(0, 1), 360);
  source.on_packet(kLow, LayerSet::from(kLow), 1000, kStart);
  source.on_packet(kHigh, LayerSet::from(kHigh), 3000, kStart);
  for (int i = 1; i < 30; ++i) {
    source.on_packet(kLow, LayerSet::within_spatial(kLow), 100, kStart + i * 30ms);
    source.on_packet(kHigh, LayerSet::within_spatial(kHigh), 500, kStart + i * 30ms);
  }
  const TimePoint now = kStart + 900ms;
  EXPECT_EQ(source.bitrate(kLow, now), (1000 + 29 * 100) * 8);
  EXPECT_EQ(source.bitrate(kHigh, now), (1000 + 3000 + 29 * 500) * 8);
}

TEST(Source, ALayerThatEndsOrWakesIsAChange) {
  SourceIds ids;
  Source source(EndpointId("a"), camera(), ids);
  constexpr Layer kHigh{.spatial = 1};
  source.on_packet({}, LayerSet::from({}), 100, kStart);
  source.on_packet(kHigh, LayerSet::from(kHigh), 100, kStart);
  EXPECT_TRUE(source.take_layer_change());
  EXPECT_FALSE(source.take_layer_change());
  source.on_packet({}, LayerSet::from({}), 100, kStart + 1500ms);
  source.check_silence(kStart + 1500ms);
  EXPECT_TRUE(source.take_layer_change());
  EXPECT_EQ(source.bitrate(kHigh, kStart + 1500ms), 0) << "the lower layer is no sign of its life";
  EXPECT_TRUE(source.is_active(0, kStart + 1500ms));
  source.on_packet(kHigh, LayerSet::from(kHigh), 100, kStart + 1600ms);
  EXPECT_TRUE(source.take_layer_change());
}

// Checklist: 151
TEST(Source, AnotherCodecStartsFromNothing) {
  SourceIds ids;
  Source source(EndpointId("a"), camera(), ids);
  const std::array sizes{
      Source::Size{320, 180},
      Source::Size{640, 360}
  };
  source.on_codec(Codec::vp9);
  source.on_sizes(0, sizes);
  source.on_codec(Codec::vp9);
  EXPECT_EQ(source.spatial_layers(0), 2);
  source.on_codec(Codec::vp8);
  EXPECT_EQ(source.spatial_layers(0), 1);
}

TEST(SourceIds, NumbersComeBackWhenTheirSourcesDie) {
  SourceIds ids;
  auto first = std::make_unique<Source>(EndpointId("a"), camera(), ids);
  const Source second(EndpointId("a"), camera(), ids);
  EXPECT_EQ(raw(first->id()), 0U);
  EXPECT_EQ(raw(second.id()), 1U);
  first.reset();
  const Source third(EndpointId("a"), camera(), ids);
  EXPECT_EQ(raw(third.id()), 0U);
}

TEST(Layer, IndexAndBack) {
  constexpr Layer layer{.encoding = 2, .spatial = 1, .temporal = 3};
  EXPECT_EQ(layer.index(), 2 * 64 + 8 + 3);
  EXPECT_EQ(Layer::from_index(layer.index()), layer);
  EXPECT_EQ(Layer::from_index(-1), std::nullopt);
}

TEST(PayloadMap, FindsFormatsAndTheirRetransmission) {
  PayloadMap map;
  map.add({.id = 100,
           .codec = codec_named("vp8", MediaKind::video),
           .kind = MediaKind::video,
           .clock_rate = 90000});
  PayloadFormat rtx{.id = 96, .codec = codec_named("rtx", MediaKind::video), .kind = MediaKind::video};
  rtx.retransmits = 100;
  map.add(rtx);
  map.add({.id = 200});
  ASSERT_NE(map.find(100), nullptr);
  EXPECT_EQ(map.find(100)->codec, Codec::vp8);
  EXPECT_EQ(map.rtx_for(100), 96);
  EXPECT_EQ(map.rtx_for(96), std::nullopt);
  EXPECT_EQ(map.find(101), nullptr);
  EXPECT_EQ(map.find(200), nullptr);
  EXPECT_EQ(codec_named("VP8", MediaKind::audio), Codec::other_audio);
}

}  // namespace
}  // namespace cloister::videobridge::media
