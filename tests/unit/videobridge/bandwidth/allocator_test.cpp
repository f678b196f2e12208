#include "videobridge/bandwidth/allocator.h"

#include <gtest/gtest.h>

#include <string>

namespace cloister::videobridge::bandwidth {
namespace {

constexpr std::uint32_t kMe = 99;

// Layers by height and bitrate in kbit/s, all at 30 frames; index = height.
std::vector<Layer> layers(std::initializer_list<std::pair<int, int>> heights) {
  std::vector<Layer> out;
  for (const auto& [height, kbps] : heights) {
    out.push_back({.index = height, .height = height, .frame_rate = 30, .bitrate = kbps * 1000});
  }
  return out;
}

struct Room {
  std::vector<SourceName> names{SourceName("a"), SourceName("b"), SourceName("c")};
  std::vector<std::vector<Layer>> offered_layers;
  std::vector<VideoType> types{VideoType::camera, VideoType::camera, VideoType::camera};
  ReceiverSettings settings;

  explicit Room(std::vector<std::vector<Layer>> each) : offered_layers(std::move(each)) {
    settings.default_constraints = {.max_height = kUnlimited};
  }
  // "a:720 b:180": the targets in order of priority; "-" is none.
  std::string allocated(std::int64_t kbps, int last_n = kUnlimited) {
    std::vector<OfferedSource> sources;
    for (std::uint32_t i = 0; i < offered_layers.size(); ++i) {
      sources.push_back(
          {.id = {}, .name = &names[i], .owner = i, .type = types[i], .layers = offered_layers[i]});
    }
    result = allocate({.by_speech_order = sources,
                       .receiver = kMe,
                       .settings = settings,
                       .last_n = last_n,
                       .bandwidth = kbps < 0 ? kInfiniteBandwidth : kbps * 1000});
    std::string text;
    for (const SourceAllocation& entry : result.sources) {
      if (!text.empty()) text += " ";
      text += entry.source->name->expose() + ":" + (entry.target < 0 ? "-" : std::to_string(entry.target));
    }
    return text;
  }
  Allocation result;
};

const std::vector<Layer> kCamera = layers({
    {180, 200 },
    {360, 500 },
    {720, 1500}
});

TEST(Allocator, GivesEverythingWithoutALimit) {
  Room room({kCamera, kCamera});
  EXPECT_EQ(room.allocated(-1), "a:720 b:720");
  EXPECT_EQ(room.result.target_bitrate, 3'000'000);
  EXPECT_FALSE(room.result.oversending);
}

TEST(Allocator, RaisesTilesStepByStep) {
  Room room({kCamera, kCamera, kCamera});
  EXPECT_EQ(room.allocated(450), "a:180 b:180 c:-");
  EXPECT_EQ(room.allocated(1250), "a:360 b:360 c:180");
  EXPECT_EQ(room.allocated(2100), "a:360 b:360 c:360");
}

// Checklist: 160
TEST(Allocator, BringsTheStageTo360BeforeThumbnailsGetAnything) {
  Room room({kCamera, kCamera});
  room.settings.on_stage_sources = {SourceName("b")};
  EXPECT_EQ(room.allocated(450), "b:180 a:-");
  EXPECT_TRUE(room.result.sources[1].suspended);
  EXPECT_EQ(room.allocated(501), "b:360 a:-");
  EXPECT_EQ(room.allocated(750), "b:360 a:180");
}

TEST(Allocator, KeepsTheStageInADip) {
  Room room({kCamera, kCamera});
  room.settings.on_stage_sources = {SourceName("b")};
  EXPECT_EQ(room.allocated(100), "b:180 a:-");
  EXPECT_TRUE(room.result.oversending);
  EXPECT_EQ(room.allocated(99), "b:- a:-") << "not half of it fits";
  EXPECT_TRUE(room.result.sources[0].suspended);
  room.settings.on_stage_sources.clear();
  EXPECT_EQ(room.allocated(199), "a:- b:-") << "only on stage";
}

TEST(Allocator, SaysWhatIsSuspendedAndWhatItsIdealIs) {
  Room room({kCamera});
  EXPECT_EQ(room.allocated(100), "a:-");
  EXPECT_TRUE(room.result.sources[0].suspended);
  EXPECT_EQ(room.result.sources[0].ideal, 720);
  EXPECT_EQ(room.result.ideal_bitrate, 1'500'000);
}

TEST(Allocator, TakesABetterLayerThatCostsNoMore) {
  Room room({
      layers({{180, 300}, {360, 250}, {720, 1500}}
      )
  });
  EXPECT_EQ(room.allocated(400), "a:360");
}

// Checklist: 164
TEST(Allocator, OversendsAScreenOnStageByHalfAMegabit) {
  Room room({
      layers({{540, 400}, {1080, 1400}}
      ), kCamera
  });
  room.types[0] = VideoType::desktop;
  room.settings.on_stage_sources = {SourceName("a")};
  EXPECT_EQ(room.allocated(950), "a:1080 b:-");
  EXPECT_TRUE(room.result.oversending);
  EXPECT_EQ(room.allocated(800), "a:540 b:-") << "600 kbit/s over is too much";
  room.settings.on_stage_sources.clear();
  EXPECT_EQ(room.allocated(950), "a:540 b:360") << "only on stage";
}

TEST(Allocator, NeverOversendsACamera) {
  Room room({kCamera});
  room.settings.on_stage_sources = {SourceName("a")};
  EXPECT_EQ(room.allocated(1400), "a:360");
}

TEST(Allocator, StartsASourceThatHasSentNothingYet) {
  Room room({
      layers({{180, 0}, {360, 0}, {720, 0}}
      )
  });
  EXPECT_EQ(room.allocated(1000), "a:720");
  EXPECT_FALSE(room.result.sources[0].suspended);
}

TEST(Allocator, KeepsToLastN) {
  Room room({kCamera, kCamera, kCamera});
  EXPECT_EQ(room.allocated(-1, 1), "a:720 b:- c:-");
  EXPECT_EQ(room.allocated(-1, 0), "a:- b:- c:-");
  EXPECT_TRUE(room.result.sources[0].effective.is_none());
}

// Checklist: 158
TEST(Allocator, KeepsToTheHeightsAskedFor) {
  Room room({kCamera, kCamera});
  room.settings.default_constraints = {.max_height = 180};
  room.settings.constraints[SourceName("b")] = {.max_height = 360};
  EXPECT_EQ(room.allocated(-1), "a:180 b:360");
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth
