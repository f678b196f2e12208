// The part of STUN that a client of a relay needs (RFC 8656).
#include <gtest/gtest.h>

#include "support/hex.h"
#include "wire/stun.h"

namespace cloister::wire {
namespace {

using test::hex;

constexpr std::string_view kRefused =
    "01130034 2112a442 b7e7a701bc34d686fa87dfae"
    "00090010 00000401 556e617574686f72697a6564"
    "0014000c 6d6565742e6578616d706c65 0015000a 35643266336139633031 0000";
constexpr std::string_view kGranted =
    "01030014 2112a442 b7e7a701bc34d686fa87dfae 00160008 0001e242e112a643 000d0004 00000258";

TEST(StunOfARelay, ReadsTheChallenge) {
  const auto datagram = hex(kRefused);
  const auto message = parse_stun(datagram, StunMethod::allocate);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->kind, StunClass::error);
  EXPECT_EQ(message->error_code, 401);
  EXPECT_EQ(message->realm, "meet.example");
  EXPECT_EQ(message->nonce, "5d2f3a9c01");
}

TEST(StunOfARelay, ReadsTheRelayedAddress) {
  const auto datagram = hex(kGranted);
  const auto message = parse_stun(datagram, StunMethod::allocate);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->relayed_address, SocketAddress::parse("192.0.2.1", 50000));
  EXPECT_EQ(message->unknown_required, 0);
}

TEST(StunOfARelay, WritesARequestThatItsKeySigns) {
  std::array<std::byte, 512> space;
  const HmacSha1 key(as_bytes("key"));
  StunWriter out(space, StunClass::request, {}, StunMethod::allocate);
  const std::size_t size =
      out.requested_udp().credentials("1764000000:doctor", "meet.example", "nonce").finish(key);
  const auto message = parse_stun(Bytes(space).first(size), StunMethod::allocate);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->username, "1764000000:doctor");
  EXPECT_EQ(message->realm, "meet.example");
  EXPECT_EQ(message->nonce, "nonce");
  EXPECT_TRUE(has_integrity(*message, key));
  EXPECT_EQ(get_u32(space, 20), 0x00190004U);  // REQUESTED-TRANSPORT comes first
  EXPECT_EQ(get_u32(space, 24), 17U << 24);
}

TEST(StunOfARelay, RefusesBadAttributes) {
  const std::pair<const char*, const char*> cases[] = {
      {"a relayed address of no family",
       "01030010 2112a442 b7e7a701bc34d686fa87dfae 00160008 0009e242e112a643 00000000"                  },
      {"a lifetime of two bytes",        "01030008 2112a442 b7e7a701bc34d686fa87dfae 000d0002 0001 0000"},
  };
  for (const auto& [why, text] : cases) {
    SCOPED_TRACE(why);
    const auto message = parse_stun(hex(text), StunMethod::allocate);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error(), StunError::bad_attribute);
  }
}

TEST(StunOfARelay, IsNothingToAConnectivityCheck) {
  const auto message = parse_stun(hex(kGranted));
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error(), StunError::not_binding);
}

}  // namespace
}  // namespace cloister::wire
