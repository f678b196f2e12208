#include "videobridge/media/model/sequence_compactor.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::media {
namespace {

TEST(SequenceCompactor, WithoutRemovalsNothingChanges) {
  SequenceCompactor<> numbers;
  EXPECT_EQ(numbers.map(100), 100);
  EXPECT_EQ(numbers.map(102), 102);
  EXPECT_EQ(numbers.map(101), 101);
}

TEST(SequenceCompactor, RemovedOnesLeaveNoGapLostOnesDo) {
  SequenceCompactor<> numbers;
  EXPECT_EQ(numbers.map(100), 100);
  numbers.remove(101);
  numbers.remove(102);
  EXPECT_EQ(numbers.map(103), 101);
  EXPECT_EQ(numbers.map(105), 103);  // 104 is missing
  numbers.remove(106);
  EXPECT_EQ(numbers.map(107), 104);
}

TEST(SequenceCompactor, LateOnesGetTheNumberThatWasLeftForThem) {
  SequenceCompactor<> numbers;
  EXPECT_EQ(numbers.map(100), 100);
  numbers.remove(101);
  EXPECT_EQ(numbers.map(103), 102);
  numbers.remove(104);
  EXPECT_EQ(numbers.map(105), 103);
  EXPECT_EQ(numbers.map(102), 101);
  EXPECT_EQ(numbers.map(100), 100);
}

TEST(SequenceCompactor, ALateRemovalLeavesTheGapThatWasGivenOut) {
  SequenceCompactor<> numbers;
  EXPECT_EQ(numbers.map(100), 100);
  EXPECT_EQ(numbers.map(102), 102);
  numbers.remove(101);
  EXPECT_EQ(numbers.map(103), 103);
}

TEST(SequenceCompactor, RangesCountTheirMembers) {
  SequenceCompactor<> numbers;
  EXPECT_EQ(numbers.map(100), 100);
  numbers.remove(101, 110);
  numbers.remove(105, 112);
  EXPECT_EQ(numbers.map(113), 101);
}

TEST(SequenceCompactor, ForgetsWhatIsTooLongAgo) {
  SequenceCompactor<4> numbers;
  for (std::int64_t n = 0; n < 20; n += 2) {
    EXPECT_EQ(numbers.map(n), n / 2);
    numbers.remove(n + 1);
  }
  EXPECT_EQ(numbers.map(18), 9);
  EXPECT_EQ(numbers.map(2), std::nullopt);
}

}  // namespace
}  // namespace cloister::videobridge::media
