#include "videobridge/bandwidth/priority.h"

#include <gtest/gtest.h>

#include <string>

namespace cloister::videobridge::bandwidth {
namespace {

const SourceName kA("a");
const SourceName kB("b");
const SourceName kC("c");
const SourceName kOwn("own");
constexpr std::uint32_t kMe = 9;

OfferedSource offered(const SourceName& name, std::uint32_t owner, VideoType type = VideoType::camera) {
  return {.id = {}, .name = &name, .owner = owner, .type = type, .layers = {}};
}

ReceiverSettings wanting_everything() {
  ReceiverSettings settings;
  settings.default_constraints = {.max_height = 180};
  return settings;
}

std::string order(const std::vector<RankedSource>& ranked) {
  std::string names;
  for (const RankedSource& entry : ranked) names += entry.source->name->expose();
  return names;
}

std::string wanted(const std::vector<RankedSource>& ranked) {
  std::string names;
  for (const RankedSource& entry : ranked) {
    if (!entry.effective.is_none()) names += entry.source->name->expose();
  }
  return names;
}

// Checklist: 161, 162
TEST(Priority, FollowsTheSpeechOrderWithoutOwnSources) {
  const std::vector sources{offered(kC, 3), offered(kOwn, kMe), offered(kA, 1), offered(kB, 2)};
  EXPECT_EQ(order(rank(sources, kMe, wanting_everything(), kUnlimited)), "cab");
}

// Checklist: 155, 161
TEST(Priority, PutsOnStageBeforeSelectedBeforeSpeakers) {
  const std::vector sources{offered(kA, 1), offered(kB, 2), offered(kC, 3)};
  ReceiverSettings settings = wanting_everything();
  settings.selected_sources = {kB, SourceName("nobody"), kC};
  settings.on_stage_sources = {kC};
  const auto ranked = rank(sources, kMe, settings, kUnlimited);
  EXPECT_EQ(order(ranked), "cba");
  EXPECT_TRUE(ranked[0].on_stage);
  EXPECT_FALSE(ranked[1].on_stage);
}

TEST(Priority, PutsDisabledSourcesLastAndGivesThemNothing) {
  const std::vector sources{offered(kA, 1, VideoType::none), offered(kB, 2), offered(kC, 3)};
  ReceiverSettings settings = wanting_everything();
  settings.on_stage_sources = {kA};
  const auto ranked = rank(sources, kMe, settings, kUnlimited);
  EXPECT_EQ(order(ranked), "bca");
  EXPECT_EQ(wanted(ranked), "bc");
}

// Checklist: 155
TEST(Priority, LastNCountsOnlySourcesThatAreWanted) {
  const std::vector sources{offered(kA, 1), offered(kB, 2), offered(kC, 3)};
  ReceiverSettings settings = wanting_everything();
  settings.constraints[kA] = {.max_height = 0};
  EXPECT_EQ(wanted(rank(sources, kMe, settings, 1)), "b");
  EXPECT_EQ(wanted(rank(sources, kMe, settings, 2)), "bc");
  EXPECT_EQ(wanted(rank(sources, kMe, settings, 0)), "");
}

TEST(Priority, EffectiveLastNIsTheSmallestLimitThereIs) {
  EXPECT_EQ(effective_last_n(kUnlimited, {.ssrcs = kUnlimited}), kUnlimited);
  EXPECT_EQ(effective_last_n(kUnlimited, {}), 50);
  EXPECT_EQ(effective_last_n(25, {.bridge = 10, .conference = 20}), 10);
  EXPECT_EQ(effective_last_n(0, {.bridge = 10}), 0);
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth
