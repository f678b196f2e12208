#include "wire/stun.h"

#include <gtest/gtest.h>

#include "support/hex.h"

namespace cloister::wire {
namespace {

using test::hex;

// RFC 5769 §2.1 to §2.3: sample request and answers.
constexpr std::string_view kPassword = "VOkJxbRl1RmTxUk/WvJxBt";
constexpr std::string_view kRequest =
    "00010058 2112a442 b7e7a701bc34d686fa87dfae"
    "80220010 5354554e207465737420636c69656e74 00240004 6e0001ff 80290008 932ff9b151263b36"
    "00060009 6576746a3a68367659202020"
    "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004 e57a3bcf";
constexpr std::string_view kAnswerV4 =
    "0101003c 2112a442 b7e7a701bc34d686fa87dfae"
    "8022000b 7465737420766563746f7220 00200008 0001a147e112a643"
    "00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004 c07d4c96";
constexpr std::string_view kAnswerV6 =
    "01010048 2112a442 b7e7a701bc34d686fa87dfae"
    "8022000b 7465737420766563746f7220 00200014 0002a147 0113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004 c8fb0b4c";

TEST(Stun, ReadsTheSampleRequestOfTheRfc) {
  const auto datagram = hex(kRequest);
  const auto message = parse_stun(datagram);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->kind, StunClass::request);
  EXPECT_EQ(message->username, "evtj:h6vY");
  EXPECT_EQ(receiver_fragment(*message->username), "evtj");
  EXPECT_EQ(message->priority, 0x6e0001ffU);
  EXPECT_EQ(message->controlled, 0x932ff9b151263b36U);
  EXPECT_FALSE(message->controlling);
  EXPECT_FALSE(message->use_candidate);
  EXPECT_TRUE(message->has_fingerprint);
  EXPECT_EQ(message->unknown_required, 0);
  EXPECT_TRUE(has_integrity(*message, HmacSha1(as_bytes(kPassword))));
  EXPECT_FALSE(has_integrity(*message, HmacSha1(as_bytes("another"))));
}

TEST(Stun, ReadsTheMappedAddressesOfTheRfc) {
  for (const auto& [text, ip] :
       {std::pair(kAnswerV4, "192.0.2.1"), std::pair(kAnswerV6, "2001:db8:1234:5678:11:2233:4455:6677")}) {
    SCOPED_TRACE(ip);
    const auto datagram = hex(text);
    const auto message = parse_stun(datagram);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->kind, StunClass::success);
    EXPECT_TRUE(message->mapped_address == SocketAddress::parse(ip, 32853));
    EXPECT_TRUE(has_integrity(*message, HmacSha1(as_bytes(kPassword))));
  }
}

// But in the type of FINGERPRINT itself: a message may have none.
TEST(Stun, RefusesATamperedByteAnywhere) {
  const auto good = hex(kRequest);
  for (std::size_t at = 0; at < good.size() - 8; ++at) {
    auto bad = good;
    bad[at] ^= std::byte{0x40};
    EXPECT_FALSE(parse_stun(bad)) << at;
  }
}

TEST(Stun, ReadsWhatItWrites) {
  std::array<std::byte, 300> space;
  const TransactionId id{std::byte{1}, std::byte{2}, std::byte{3}};
  const HmacSha1 key(as_bytes("secret"));
  const auto v6 = *SocketAddress::parse("2001:db8::9", 4000);
  const std::size_t length = StunWriter(space, StunClass::request, id)
                                 .username("ours", "theirs")
                                 .priority(77)
                                 .controlling(0x1122334455667788)
                                 .use_candidate()
                                 .mapped_address(v6)
                                 .error(kStunRoleConflict, "Role Conflict")
                                 .finish(key);
  const auto message = parse_stun(std::span(space).first(length));
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->id == id);
  EXPECT_EQ(message->username, "ours:theirs");
  EXPECT_EQ(message->priority, 77U);
  EXPECT_EQ(message->controlling, 0x1122334455667788U);
  EXPECT_TRUE(message->use_candidate);
  EXPECT_TRUE(message->mapped_address == v6);
  EXPECT_EQ(message->error_code, 487);
  EXPECT_TRUE(message->has_fingerprint);
  EXPECT_TRUE(has_integrity(*message, key));
}

TEST(Stun, WritesNothingThatDoesNotFit) {
  const TransactionId id{};
  const HmacSha1 key(as_bytes("secret"));
  for (std::size_t size = 0; size < 20 + 16 + 24 + 24 + 8; ++size) {
    std::vector<std::byte> space(size);
    const auto v6 = *SocketAddress::parse("2001:db8::9", 4000);
    EXPECT_EQ(StunWriter(space, StunClass::success, id)
                  .username("a", "b")
                  .priority(1)
                  .mapped_address(v6)
                  .finish(key),
              0U);
  }
}

TEST(Stun, DoesNotBelieveWhatStandsBehindTheIntegrity) {
  std::array<std::byte, 300> space;
  const HmacSha1 key(as_bytes("secret"));
  const std::size_t length = StunWriter(space, StunClass::request, {}).priority(1).finish(key);
  // USE-CANDIDATE between MESSAGE-INTEGRITY and the end; the fingerprint is cut away.
  ByteWriter(std::span(space).subspan(length - 8)).u16(0x0025).u16(0);
  set_u16(space, 2, static_cast<std::uint16_t>(length - 8 + 4 - 20));
  const auto message = parse_stun(std::span(space).first(length - 4));
  ASSERT_TRUE(message);
  EXPECT_FALSE(message->use_candidate);
  EXPECT_TRUE(has_integrity(*message, key));
}

struct Refusal {
  const char* why;
  const char* datagram;
  StunError error;
};
constexpr Refusal kRefusals[] = {
    {"empty",                      "",                                                                     StunError::truncated  },
    {"a byte short of the header", "00010000 2112a442 b7e7a701bc34d686fa87df",                             StunError::truncated  },
    {"another cookie",             "00010000 2112a443 b7e7a701bc34d686fa87dfae",                           StunError::not_stun   },
    {"first bits set",             "40010000 2112a442 b7e7a701bc34d686fa87dfae",                           StunError::not_stun   },
    {"Allocate",                   "00030000 2112a442 b7e7a701bc34d686fa87dfae",                           StunError::not_binding},
    {"length not of four",         "00010001 2112a442 b7e7a701bc34d686fa87dfae 00",                        StunError::bad_length },
    {"more bytes than announced",  "00010000 2112a442 b7e7a701bc34d686fa87dfae 00",                        StunError::bad_length },
    {"fewer bytes than announced", "00010008 2112a442 b7e7a701bc34d686fa87dfae 00240004",
     StunError::truncated                                                                                                        },
    {"attribute past the end",     "00010008 2112a442 b7e7a701bc34d686fa87dfae 00240008 00000001",
     StunError::attribute_overrun                                                                                                },
    {"padding past the end",       "00010004 2112a442 b7e7a701bc34d686fa87dfae 80220001",
     StunError::attribute_overrun                                                                                                },
    {"priority of eight",          "0001000c 2112a442 b7e7a701bc34d686fa87dfae 00240008 0000000100000001",
     StunError::bad_attribute                                                                                                    },
    {"short tie-breaker",          "00010008 2112a442 b7e7a701bc34d686fa87dfae 802a0004 00000001",
     StunError::bad_attribute                                                                                                    },
    {"short integrity",            "00010008 2112a442 b7e7a701bc34d686fa87dfae 00080004 00000001",
     StunError::bad_attribute                                                                                                    },
    {"address of no family",       "0101000c 2112a442 b7e7a701bc34d686fa87dfae 00200008 0003a147e112a643",
     StunError::bad_attribute                                                                                                    },
    {"IPv6 of four bytes",         "0101000c 2112a442 b7e7a701bc34d686fa87dfae 00200008 0002a147e112a643",
     StunError::bad_attribute                                                                                                    },
    {"wrong fingerprint",          "00010008 2112a442 b7e7a701bc34d686fa87dfae 80280004 00000001",
     StunError::bad_fingerprint                                                                                                  },
};

TEST(Stun, RefusesMalformedMessages) {
  for (const auto& [why, text, error] : kRefusals) {
    SCOPED_TRACE(why);
    const auto datagram = hex(text);
    const auto message = parse_stun(datagram);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error(), error);
  }
}

TEST(Stun, NamesTheAttributeItShouldHaveKnown) {
  const auto datagram = hex("00010008 2112a442 b7e7a701bc34d686fa87dfae 0c570000 00260000");
  EXPECT_EQ(parse_stun(datagram)->unknown_required, 0x0c57);
  const auto optional = hex("00010004 2112a442 b7e7a701bc34d686fa87dfae c0570000");
  EXPECT_EQ(parse_stun(optional)->unknown_required, 0);
}

TEST(HmacSha1, MatchesTheVectorsOfRfc2202) {
  EXPECT_TRUE(equal_secrets(HmacSha1(std::vector(20, std::byte{0x0b})).sign(as_bytes("Hi There")),
                            hex("b617318655057264e28bc0b6fb378c8ef146be00")));
  EXPECT_TRUE(equal_secrets(
      HmacSha1(std::vector(80, std::byte{0xaa}))
          .sign(as_bytes("Test Using Larger Than Block-Size Key"), as_bytes(" - Hash Key First")),
      hex("aa4ae5e15272d00e95705637ce8a3b55ed402112")));
}

}  // namespace
}  // namespace cloister::wire
