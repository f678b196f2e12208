#include "videobridge/media/projection/quality_filter.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::media {
namespace {

constexpr TimePoint kStart{1000s};
constexpr Layer kLow{.encoding = 0, .temporal = 2};
constexpr Layer kMiddle{.encoding = 1, .temporal = 2};
constexpr Layer kHigh{.encoding = 2, .temporal = 2};

bool key(QualityFilter& filter, std::uint8_t encoding, TimePoint now) {
  return filter.accept({.encoding = encoding}, FrameKind::key, now);
}
bool delta(QualityFilter& filter, std::uint8_t encoding, std::uint8_t temporal, TimePoint now) {
  return filter.accept({.encoding = encoding, .temporal = temporal}, FrameKind::delta, now);
}

TEST(QualityFilter, WithoutTargetNothingPassesAndNothingIsAsked) {
  QualityFilter filter;
  EXPECT_FALSE(key(filter, 0, kStart));
  EXPECT_FALSE(filter.needs_key_frame());
}

TEST(QualityFilter, StepsUpWithinAGroupOfKeyFrames) {
  QualityFilter filter;
  filter.set_target(kHigh);
  EXPECT_TRUE(filter.needs_key_frame());
  EXPECT_TRUE(key(filter, 0, kStart));
  EXPECT_TRUE(key(filter, 1, kStart + 1ms));
  EXPECT_TRUE(key(filter, 2, kStart + 2ms));
  EXPECT_FALSE(key(filter, 0, kStart + 3ms));
  EXPECT_EQ(filter.current(), 2);
  EXPECT_FALSE(filter.needs_key_frame());
}

// Checklist: 142
TEST(QualityFilter, ALoneLowKeyFrameIsBetterThanNothing) {
  QualityFilter filter;
  filter.set_target(kHigh);
  EXPECT_TRUE(key(filter, 0, kStart));
  EXPECT_TRUE(delta(filter, 0, 2, kStart + 33ms));  // all temporal layers while below the target
  EXPECT_FALSE(filter.needs_key_frame());
  EXPECT_FALSE(delta(filter, 2, 0, kStart + 100ms));
  EXPECT_FALSE(filter.needs_key_frame()) << "its key frame may still come";
  EXPECT_FALSE(delta(filter, 2, 0, kStart + 400ms));
  EXPECT_TRUE(filter.needs_key_frame()) << "the better one is there, without key frame";
}

TEST(QualityFilter, NeverAboveTheTarget) {
  QualityFilter filter;
  filter.set_target(kMiddle);
  EXPECT_FALSE(key(filter, 2, kStart));
  EXPECT_TRUE(key(filter, 1, kStart + 1ms));
  EXPECT_FALSE(delta(filter, 2, 0, kStart + 1s));
  EXPECT_FALSE(filter.needs_key_frame());
}

TEST(QualityFilter, ThinsOutWhileWaitingToStepDown) {
  QualityFilter filter;
  filter.set_target(kHigh);
  ASSERT_TRUE(key(filter, 2, kStart));
  filter.set_target(kLow);
  EXPECT_TRUE(filter.needs_key_frame());
  EXPECT_TRUE(delta(filter, 2, 0, kStart + 1s));
  EXPECT_FALSE(delta(filter, 2, 1, kStart + 1s));
  EXPECT_TRUE(key(filter, 2, kStart + 2s)) << "what is shown must not lose its key frame";
  EXPECT_TRUE(key(filter, 0, kStart + 2s + 1ms));
  EXPECT_EQ(filter.current(), 0);
  EXPECT_TRUE(delta(filter, 0, 2, kStart + 3s));
}

TEST(QualityFilter, AtTheTargetItsTemporalLayerCounts) {
  QualityFilter filter;
  filter.set_target(Layer{.encoding = 1, .temporal = 1});
  ASSERT_TRUE(key(filter, 1, kStart));
  EXPECT_TRUE(delta(filter, 1, 1, kStart + 33ms));
  EXPECT_FALSE(delta(filter, 1, 2, kStart + 66ms));
}

// Checklist: 144
TEST(QualityFilter, SuspendedMeansAtOnceAndResumesOnAKeyFrame) {
  QualityFilter filter;
  filter.set_target(kLow);
  ASSERT_TRUE(key(filter, 0, kStart));
  filter.set_target(std::nullopt);
  EXPECT_FALSE(delta(filter, 0, 0, kStart + 33ms));
  filter.set_target(kLow);
  EXPECT_TRUE(filter.needs_key_frame());
  EXPECT_FALSE(delta(filter, 0, 0, kStart + 66ms));
  EXPECT_TRUE(key(filter, 0, kStart + 99ms));
}

}  // namespace
}  // namespace cloister::videobridge::media
