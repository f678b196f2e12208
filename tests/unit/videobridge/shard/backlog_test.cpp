#include "videobridge/shard/backlog.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/fake_clock.h"

namespace cloister::videobridge::shard {
namespace {

class BacklogTest : public testing::Test {
protected:
  // Handshake number `number` says hello.
  void hello(std::uint8_t number) {
    net::Arrival arrival{.packet = pool_.acquire(), .from = {}};
    arrival.packet.resize(1);
    arrival.packet.bytes()[0] = std::byte{number};
    EXPECT_TRUE(backlog_.push(std::move(arrival)));
  }
  // What is done in one go when each takes so long.
  std::vector<int> work_off(Duration each) {
    std::vector<int> done;
    backlog_.work_off(clock_, [&](net::Arrival&& arrival) {
      done.push_back(get_u8(arrival.packet.bytes(), 0));
      clock_.advance(each);
    });
    return done;
  }

  net::PacketPool pool_;
  support::FakeClock clock_;
  Backlog backlog_;
};

TEST_F(BacklogTest, ManyHandshakesLeaveMediaItsTurn) {
  for (std::uint8_t number = 1; number <= 4; ++number) hello(number);
  EXPECT_EQ(work_off(300us), (std::vector{1, 2}));
  EXPECT_EQ(work_off(2ms), (std::vector{3})) << "one goes on, however long it takes";
  EXPECT_EQ(work_off(1us), (std::vector{4}));
  EXPECT_TRUE(backlog_.empty());
  EXPECT_TRUE(work_off(1us).empty());
}

TEST_F(BacklogTest, IsBounded) {
  for (std::size_t i = 0; i < Backlog::kLimit; ++i) hello(1);
  EXPECT_FALSE(backlog_.push({.packet = pool_.acquire(), .from = {}}));
  EXPECT_LT(Backlog::kLimit, pool_.limit() / 2) << "media needs buffers, too";
}

}  // namespace
}  // namespace cloister::videobridge::shard
