#include "videobridge/conference/sender_constraints.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::conference {
namespace {

using bandwidth::kUnlimited;
using media::SourceId;

struct Votes {
  void wish(std::uint32_t receiver, int height) {
    const SourceName name("a-v0");
    const bandwidth::OfferedSource source{.id = SourceId{3}, .name = &name, .owner = 0, .layers = {}};
    const bandwidth::SourceAllocation entry{.source = &source, .effective = {.max_height = height}};
    changed.clear();
    constraints.vote(receiver, std::span(&entry, 1), changed);
  }
  int height() const { return constraints.max_height(SourceId{3}); }

  SenderConstraints constraints;
  std::vector<SourceId> changed;
};

TEST(SenderConstraints, AreTheLargestWish) {
  Votes votes;
  EXPECT_EQ(votes.height(), 0);
  votes.wish(1, 180);
  EXPECT_EQ(votes.changed.size(), 1U);
  votes.wish(2, 720);
  EXPECT_EQ(votes.height(), 720);
  votes.wish(1, 360);
  EXPECT_TRUE(votes.changed.empty()) << "720 is still the largest";
  votes.wish(2, 0);
  EXPECT_EQ(votes.height(), 360);
}

TEST(SenderConstraints, UnlimitedWins) {
  Votes votes;
  votes.wish(1, 2160);
  votes.wish(2, kUnlimited);
  EXPECT_EQ(votes.height(), kUnlimited);
  votes.wish(2, 0);
  EXPECT_EQ(votes.height(), 2160);
}

// Checklist: 168
TEST(SenderConstraints, AReceiverWhoLeavesTakesItsWishAlong) {
  Votes votes;
  votes.wish(1, 180);
  votes.wish(2, 720);
  std::vector<SourceId> changed;
  votes.constraints.forget_receiver(2, changed);
  EXPECT_EQ(changed, std::vector{SourceId{3}});
  EXPECT_EQ(votes.height(), 180);
}

TEST(SenderConstraints, ANewSourceOfTheSameNumberStartsWithoutWishes) {
  Votes votes;
  votes.wish(1, 180);
  votes.constraints.forget_source(SourceId{3});
  EXPECT_EQ(votes.height(), 0);
}

}  // namespace
}  // namespace cloister::videobridge::conference
