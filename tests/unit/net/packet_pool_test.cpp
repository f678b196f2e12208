#include "net/packet_pool.h"

#include <gtest/gtest.h>

namespace cloister::net {
namespace {

TEST(PacketPool, GivesEmptyHandlesAtItsLimitAndCountsThem) {
  PacketPool pool(3);
  std::vector<Packet> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(pool.acquire());
    EXPECT_TRUE(held.back());
  }
  EXPECT_FALSE(pool.acquire());
  EXPECT_EQ(pool.exhausted().value(), 1U);
  held.pop_back();
  EXPECT_TRUE(pool.acquire());
  EXPECT_EQ(pool.in_use(), 2U);
}

TEST(PacketPool, SharedHandlesSeeTheSameBytesAndTheLastOneReturnsThem) {
  PacketPool pool(1);
  Packet first = pool.acquire();
  first.resize(4);
  set_u32(first.bytes(), 0, 0xcafe);
  Packet second = first.share();
  second.resize(2);
  first = {};
  EXPECT_EQ(pool.in_use(), 1U);
  EXPECT_EQ(second.size(), 2U);
  EXPECT_EQ(get_u32(second.space(), 0), 0xcafeU);
  Packet moved = std::move(second);
  EXPECT_FALSE(second);  // NOLINT: that is the promise
  moved = {};
  EXPECT_EQ(pool.in_use(), 0U);
}

}  // namespace
}  // namespace cloister::net
