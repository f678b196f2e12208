#include "base/ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace cloister {
namespace {

static_assert(is_newer(std::uint16_t{1}, std::uint16_t{0}) && !is_newer(std::uint16_t{0}, std::uint16_t{1}));
static_assert(!is_newer(std::uint16_t{5}, std::uint16_t{5}));
static_assert(is_newer(std::uint16_t{2}, std::uint16_t{65535}), "over the wrap");
static_assert(is_newer(std::uint16_t{0x7fff}, std::uint16_t{0}) &&
              !is_newer(std::uint16_t{0x8000}, std::uint16_t{0}));
static_assert(is_newer(std::uint32_t{1}, std::uint32_t{0xffffffff}), "over the wrap");
static_assert(distance(3, 65534) == 5 && distance(65534, 3) == -5);

TEST(SequenceUnwrapper, CountsOnOverTheWrap) {
  SequenceUnwrapper numbers;
  const std::int64_t first = numbers.unwrap(65534);
  EXPECT_EQ(numbers.unwrap(65535), first + 1);
  EXPECT_EQ(numbers.unwrap(0), first + 2);
  EXPECT_EQ(numbers.unwrap(1), first + 3);
}

TEST(SequenceUnwrapper, ALatePacketFromBeforeTheWrapStaysBehind) {
  SequenceUnwrapper numbers;
  const std::int64_t first = numbers.unwrap(65535);
  EXPECT_EQ(numbers.unwrap(2), first + 3);
  EXPECT_EQ(numbers.unwrap(65533), first - 2);
  EXPECT_EQ(numbers.unwrap(3), first + 4) << "the late one moved nothing";
}

TEST(SequenceUnwrapper, NothingFallsBelowZero) {
  SequenceUnwrapper numbers;
  EXPECT_EQ(numbers.unwrap(0), 0x10000);
  EXPECT_EQ(numbers.unwrap(65535), 0xffff);
}

TEST(SequenceUnwrapper, FollowsAnyWalkOfLessThanHalfTheSpace) {
  std::mt19937 random(1);
  SequenceUnwrapper numbers;
  std::int64_t truth = 0x10000 + 40000;
  std::int64_t highest = truth;
  ASSERT_EQ(numbers.unwrap(40000), truth);
  for (int i = 0; i < 10000; ++i) {
    truth = std::max<std::int64_t>(highest + std::uniform_int_distribution<int>(-3000, 3000)(random), 0);
    highest = std::max(highest, truth);
    ASSERT_EQ(numbers.unwrap(static_cast<std::uint16_t>(truth & 0xffff)), truth);
  }
  EXPECT_GT(highest, 0x20000);
}

}  // namespace
}  // namespace cloister
