#include "firewall/nft/answer.h"

#include <gtest/gtest.h>
#include <linux/netlink.h>

#include <cerrno>
#include <climits>

#include "support/hex.h"

namespace cloister::firewall::nft {
namespace {

using test::hex;

// One message of type 2 (an error) as x86 and ARM write it: length, type, flags, sequence, port, the error.
std::vector<std::byte> error_message(int error) {
  auto out = hex("14000000 0200 0000 07000000 00000000 00000000");
  std::memcpy(out.data() + sizeof(nlmsghdr), &error, sizeof error);
  return out;
}

TEST(NetlinkMessages, AreTakenApartOneByOne) {
  const auto datagram =
      hex("14000000 0100 0200 07000000 00000000 aabbccdd  12000000 0300 0000 08000000 00000000 eeff");
  Messages messages(datagram);
  const auto first = messages.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->type, 1);
  EXPECT_EQ(first->flags, 2);
  EXPECT_EQ(first->sequence, 7U);
  EXPECT_EQ(first->body.size(), 4U);
  const auto second = messages.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->body.size(), 2U);
  EXPECT_FALSE(messages.next());
}

TEST(NetlinkMessages, WhatDoesNotFitEndsTheReading) {
  for (const char* datagram :
       {"", "10000000", "0f000000 0100 0000 07000000 00000000", "11000000 0100 0000 07000000 00000000",
        "ffffffff 0100 0000 07000000 00000000", "00000000 0100 0000 07000000 00000000"}) {
    SCOPED_TRACE(datagram);
    const auto bytes = hex(datagram);
    EXPECT_FALSE(Messages(bytes).next());
  }
}

TEST(NetlinkAttributes, AreFoundByType) {
  const auto bytes = hex("0600 0100 6c6f 0000  0800 0200 00000007  0c00 0380 0000000000000009");
  EXPECT_EQ(find_text(bytes, 1), "lo");
  EXPECT_EQ(find_u32(bytes, 2), 7U);
  EXPECT_EQ(find_u64(bytes, 3), 9U) << "the nesting flag is not part of the type";
  EXPECT_FALSE(find_attribute(bytes, 4));
  EXPECT_FALSE(find_u32(bytes, 1)) << "of another size";
}

TEST(NetlinkAttributes, WhatDoesNotFitIsNotThere) {
  for (const char* attributes : {"0400", "0300 0100", "0900 0100 00000000", "0000 0100 00000000"}) {
    SCOPED_TRACE(attributes);
    const auto bytes = hex(attributes);
    EXPECT_FALSE(find_attribute(bytes, 1));
  }
}

TEST(NetlinkErrors, AreNumbersOfTheSystem) {
  const auto of = [](int error) {
    const auto datagram = error_message(error);
    return error_of(*Messages(datagram).next());
  };
  EXPECT_EQ(of(0), 0);
  EXPECT_EQ(of(-ENOENT), ENOENT);
  EXPECT_EQ(of(7), EPROTO);
  EXPECT_EQ(of(INT_MIN), EPROTO);
  EXPECT_FALSE(error_of(Message{.type = 17, .body = {}}));
  EXPECT_EQ(error_of(Message{.type = NLMSG_DONE, .body = {}}), 0);
  EXPECT_EQ(error_of(Message{.type = NLMSG_ERROR, .body = {}}), EPROTO);
}

}  // namespace
}  // namespace cloister::firewall::nft
