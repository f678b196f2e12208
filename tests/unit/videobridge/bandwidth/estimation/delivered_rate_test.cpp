#include "videobridge/bandwidth/estimation/delivered_rate.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

// 1000 bytes every so often.
class Stream {
public:
  void arrive(Duration length, std::int64_t rate) {
    const Duration gap = Duration(1s) * 8000 / rate;
    for (const Duration end = at_ + length; at_ < end; at_ += gap) delivered.add(at_, 1000);
  }
  void pause(Duration length) { at_ += length; }
  DeliveredRate delivered;

private:
  Duration at_{};
};

TEST(DeliveredRate, IsWhatArrives) {
  for (const std::int64_t rate : {100'000, 500'000, 2'500'000, 20'000'000}) {
    SCOPED_TRACE(rate);
    Stream stream;
    stream.arrive(2s, rate);
    EXPECT_NEAR(static_cast<double>(stream.delivered.value().value()), static_cast<double>(rate),
                0.1 * static_cast<double>(rate));
  }
}

TEST(DeliveredRate, NeedsHalfASecondForTheFirstValue) {
  Stream stream;
  stream.arrive(450ms, 1'000'000);
  EXPECT_FALSE(stream.delivered.value());
  stream.arrive(100ms, 1'000'000);
  EXPECT_TRUE(stream.delivered.value());
}

TEST(DeliveredRate, FollowsAFallWithinTwoSeconds) {
  Stream stream;
  stream.arrive(3s, 2'000'000);
  stream.arrive(1200ms, 500'000);
  EXPECT_LT(stream.delivered.value().value(), 900'000);
  stream.arrive(1s, 500'000);
  EXPECT_LT(stream.delivered.value().value(), 650'000);
}

TEST(DeliveredRate, KnowsWhatLastsFromTheFirstWindowsOn) {
  Stream stream;
  stream.arrive(600ms, 400'000);
  stream.arrive(400ms, 6'000'000);
  EXPECT_LT(stream.delivered.lasting().value_or(0), 1'000'000) << "a moment is no proof";
  stream.arrive(400ms, 6'000'000);
  EXPECT_GT(stream.delivered.lasting().value(), 5'500'000);
  EXPECT_LT(stream.delivered.value().value(), 4'000'000) << "the average is slower";
  stream.pause(1s);
  stream.arrive(20ms, 6'000'000);
  EXPECT_FALSE(stream.delivered.lasting());
}

TEST(DeliveredRate, DoesNotTakeAPauseForAFall) {
  Stream stream;
  stream.arrive(3s, 1'000'000);
  stream.pause(2s);
  stream.arrive(20ms, 1'000'000);
  EXPECT_GT(stream.delivered.value().value(), 900'000);
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth::estimation
