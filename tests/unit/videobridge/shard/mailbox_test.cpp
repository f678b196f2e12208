#include "videobridge/shard/mailbox.h"

#include <gtest/gtest.h>

#include <vector>

namespace cloister::videobridge::shard {
namespace {

TEST(Mailbox, DeliversInOrderAndRefusesWhatIsTooMuch) {
  net::Reactor reactor;
  Mailbox mailbox(reactor, 2);
  std::vector<int> seen;
  EXPECT_TRUE(mailbox.post([&seen] { seen.push_back(1); }));
  EXPECT_TRUE(mailbox.post([&seen] { seen.push_back(2); }));
  EXPECT_FALSE(mailbox.post([&seen] { seen.push_back(3); }));
  EXPECT_EQ(mailbox.refused().value(), 1U);

  reactor.poll();
  EXPECT_EQ(seen, (std::vector{1, 2}));
  EXPECT_TRUE(mailbox.post([&seen] { seen.push_back(4); }));  // there is room again
  reactor.poll();
  EXPECT_EQ(seen.back(), 4);
}

}  // namespace
}  // namespace cloister::videobridge::shard
