#include "videobridge/shard/placement.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::shard {
namespace {

MeetingId meeting(int number) { return MeetingId("m" + std::to_string(number)); }

TEST(Placement, SpreadsNewConferencesAndKeepsOldOnesWhereTheyAre) {
  Placement placement(2);
  const std::size_t first = placement.place(meeting(1));
  const std::size_t second = placement.place(meeting(2));
  EXPECT_NE(first, second);
  EXPECT_EQ(placement.place(meeting(1)), first);
  EXPECT_EQ(placement.find(meeting(2)), second);
}

TEST(Placement, AnEndedConferenceMakesRoom) {
  Placement placement(2);
  const std::size_t first = placement.place(meeting(1));
  placement.place(meeting(2));
  placement.end(meeting(1));
  placement.end(meeting(1));  // told twice: counted once
  EXPECT_EQ(placement.place(meeting(3)), first);
}

}  // namespace
}  // namespace cloister::videobridge::shard
