#include "videobridge/bandwidth/layers.h"

#include <gtest/gtest.h>

#include <string>

namespace cloister::videobridge::bandwidth {
namespace {

// Three encodings of 180, 360 and 720 lines, each at 7.5, 15 and 30 frames; index = encoding·10 + temporal
// layer.
std::vector<Layer> simulcast() {
  std::vector<Layer> layers;
  for (int encoding = 0; encoding < 3; ++encoding) {
    for (int temporal = 0; temporal < 3; ++temporal) {
      layers.push_back({.index = encoding * 10 + temporal,
                        .height = 180 << encoding,
                        .frame_rate = 7.5 * (1 << temporal),
                        .bitrate = 100'000 * (1 + 3 * encoding + temporal)});
    }
  }
  return layers;
}

std::string indices(const LayerChoice& choice) {
  std::string text;
  for (const Layer& layer : choice.layers) text += std::to_string(layer.index) + " ";
  return text;
}

struct Case {
  const char* what;
  VideoType type;
  VideoConstraints constraints;
  bool on_stage;
  const char* considered;
  int preferred;
  int oversend;
};
constexpr Case kCases[] = {
    {"a thumbnail gets every rate of the lowest",
     VideoType::camera,
     {.max_height = 180},
     false,                                                                                                                              "0 1 2 ",
     2,                                                                                                                                                                  -1},
    {"a large picture gets the higher ones at full rate only",
     VideoType::camera,
     {.max_height = 720},
     false,                                                                                                                              "0 1 2 12 22 ",
     3,                                                                                                                                                                  -1},
    {"unlimited is large",                                          VideoType::camera,  {.max_height = kUnlimited},               true,  "0 1 2 12 22 ",             3,  -1},
    {"smaller than the smallest still gets that",
     VideoType::camera,
     {.max_height = 90},
     false,                                                                                                                              "0 1 2 ",
     2,                                                                                                                                                                  -1},
    {"nothing wanted",                                              VideoType::camera,  {.max_height = 0},                        true,  "",                         -1, -1},
    {"no frames wanted",                                            VideoType::camera,  {.max_height = 720, .max_frame_rate = 0}, true,  "",                         -1, -1},
    {"no picture there",                                            VideoType::none,    {.max_height = 720},                      true,  "",                         -1, -1},
    {"a screen gets all that fits",                                 VideoType::desktop, {.max_height = 360},                      false, "0 1 2 10 11 12 ",          5,  -1},
    {"a screen on stage may be oversent by its cheapest full size",
     VideoType::desktop,
     {.max_height = kUnlimited},
     true,                                                                                                                               "0 1 2 10 11 12 20 21 22 ",
     8,                                                                                                                                                                  6 },
    {"a screen with nothing that fits gets its lowest",
     VideoType::desktop_high_fps,
     {.max_height = 90},
     false,                                                                                                                              "0 1 2 ",
     2,                                                                                                                                                                  -1},
};
TEST(Layers, AreConsideredBySizeRateAndType) {
  for (const Case& entry : kCases) {
    SCOPED_TRACE(entry.what);
    const LayerChoice choice = consider_layers(simulcast(), entry.type, entry.constraints, entry.on_stage);
    EXPECT_EQ(indices(choice), entry.considered);
    EXPECT_EQ(choice.preferred, entry.preferred);
    EXPECT_EQ(choice.oversend, entry.oversend);
  }
}

TEST(Layers, ThatAreNotSentAreLeftOut) {
  std::vector<Layer> layers = simulcast();
  for (Layer& layer : layers) {
    if (layer.height == 720) layer.bitrate = 0;
  }
  EXPECT_EQ(indices(consider_layers(layers, VideoType::camera, {.max_height = kUnlimited}, true)),
            "0 1 2 12 ");
}

TEST(Layers, OfASourceThatHasSentNothingYetAreAllThere) {
  std::vector<Layer> layers = simulcast();
  for (Layer& layer : layers) layer.bitrate = 0;
  EXPECT_EQ(indices(consider_layers(layers, VideoType::camera, {.max_height = kUnlimited}, true)),
            "0 1 2 12 22 ");
}

TEST(Layers, AScreenOfOneSizeAndUnknownRateIsCheapOffStage) {
  const std::vector<Layer> layers{
      {.index = 1, .height = 1080, .bitrate = 100'000},
      {.index = 2, .height = 1080, .bitrate = 900'000}
  };
  EXPECT_EQ(indices(consider_layers(layers, VideoType::desktop, {.max_height = 180}, false)), "1 ");
  EXPECT_EQ(indices(consider_layers(layers, VideoType::desktop, {.max_height = 180}, true)), "1 2 ");
}

// Checklist: 159
TEST(Layers, ASingleLargeLayerIsGivenToASmallTile) {
  const std::vector<Layer> layers{
      {.index = 5, .height = 720, .frame_rate = 30, .bitrate = 1'000'000}
  };
  const LayerChoice choice = consider_layers(layers, VideoType::camera, {.max_height = 180}, false);
  EXPECT_EQ(indices(choice), "5 ");
  EXPECT_EQ(choice.preferred, 0);
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth
