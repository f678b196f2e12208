#include "videobridge/bandwidth/receiver_settings.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::bandwidth {
namespace {

const SourceName kAlice("alice-v0");
const SourceName kBob("bob-v0");

TEST(ReceiverSettings, WantsNothingBeforeTheFirstMessage) {
  EXPECT_TRUE(ReceiverSettings().of(kAlice).is_none());
}

// Checklist: 157
TEST(ReceiverSettings, TheFirstMessageWithoutDefaultsMeans180) {
  ReceiverSettings settings;
  apply({}, settings);
  EXPECT_EQ(settings.of(kAlice).max_height, 180);
}

TEST(ReceiverSettings, TheFirstMessagesOwnDefaultsCount) {
  ReceiverSettings settings;
  apply({.default_constraints = VideoConstraints{.max_height = 0}}, settings);
  EXPECT_TRUE(settings.of(kAlice).is_none());
  apply({.last_n = 3}, settings);
  EXPECT_TRUE(settings.of(kAlice).is_none())
      << "the second message has no say in what the first one left out";
}

// Checklist: 156
TEST(ReceiverSettings, AbsentFieldsStayPresentOnesReplaceWholly) {
  ReceiverSettings settings;
  apply({.last_n = 5, .constraints = ConstraintsByName{{kAlice, {.max_height = 720}}}}, settings);
  apply({.constraints = ConstraintsByName{{kBob, {.max_height = 360}}}}, settings);
  EXPECT_EQ(settings.last_n, 5);
  EXPECT_EQ(settings.of(kBob).max_height, 360);
  EXPECT_EQ(settings.of(kAlice).max_height, 180) << "constraints are not merged";
}

TEST(VideoConstraints, AreNoneAtNoHeightOrNoFrames) {
  EXPECT_TRUE((VideoConstraints{.max_height = 0}).is_none());
  EXPECT_TRUE((VideoConstraints{.max_height = 720, .max_frame_rate = 0}).is_none());
  EXPECT_FALSE((VideoConstraints{.max_height = kUnlimited}).is_none());
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth
