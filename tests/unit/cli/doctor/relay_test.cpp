#include "cli/doctor/relay.h"

#include <gtest/gtest.h>

#include "support/hex.h"
#include "wire/stun.h"

namespace cloister::cli::doctor {
namespace {

// RFC 5769 §2.4: a request with long-term credentials; the password as SASLprep leaves it.
constexpr std::string_view kSample =
    "00010060 2112a442 78ad3433c6ad72c029da412e"
    "00060012 e3839ee38388e383aae38383e382afe382b9 0000"
    "0015001c 662f2f3439396b39353464364f4c33346f4c394653547679 3634 7341"
    "0014000b 6578616d706c652e6f7267 00"
    "00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666";

TEST(Relay, MakesTheKeyThatSignsTheSampleOfTheRfc) {
  const auto datagram = test::hex(kSample);
  const auto message = wire::parse_stun(datagram);
  ASSERT_TRUE(message);
  const auto key = long_term_key("\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9", "example.org",
                                 Personal<std::string>("TheMatrIX"));
  EXPECT_TRUE(wire::has_integrity(*message, wire::HmacSha1(key)));
}

// Computed with openssl dgst -sha1 -hmac.
TEST(Relay, MakesCredentialsAsTheXmppServerDoes) {
  const auto end = std::chrono::system_clock::from_time_t(1'764'000'000);
  const auto [name, password] = make_credentials(Personal<std::string>("north"), end);
  EXPECT_EQ(name, "1764000000:doctor");
  EXPECT_EQ(password.expose(), "LqR34aV1F3VRseNv0xjq4MexWro=");
}

}  // namespace
}  // namespace cloister::cli::doctor
