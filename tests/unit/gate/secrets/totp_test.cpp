#include "gate/secrets/totp.h"

#include <gtest/gtest.h>

namespace cloister::gate::secrets {
namespace {

struct Vector {
  std::int64_t seconds;
  std::string_view code;
};

// RFC 6238 appendix B, the rows of SHA-1: eight digits.
constexpr std::string_view kRfcSecret = "12345678901234567890";
constexpr Vector kRfc6238[] = {
    {59,          "94287082"},
    {1111111109,  "07081804"},
    {1111111111,  "14050471"},
    {1234567890,  "89005924"},
    {2000000000,  "69279037"},
    {20000000000, "65353130"},
};

Secret rfc_secret() { return Secret(std::string(kRfcSecret)); }

std::chrono::system_clock::time_point at(std::int64_t seconds) {
  return std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}

TEST(Totp, ComputesTheCodesOfTheRfc) {
  for (const auto& [seconds, code] : kRfc6238) {
    SCOPED_TRACE(seconds);
    const auto step = static_cast<std::uint64_t>(seconds / 30);
    EXPECT_EQ(totp_code(rfc_secret(), step, 8).expose(), code);
    EXPECT_EQ(totp_code(rfc_secret(), step).expose(), code.substr(2));
  }
}

TEST(Totp, StepsAreHalfMinutesSince1970) {
  EXPECT_EQ(totp_step(at(0)), 0U);
  EXPECT_EQ(totp_step(at(29)), 0U);
  EXPECT_EQ(totp_step(at(59)), 1U);
  EXPECT_EQ(totp_step(at(1111111111)), 0x23523EDU);
  EXPECT_EQ(totp_step(at(-1)), 0U);
}

// RFC 4226 appendix D: the counter's codes.
TEST(Totp, ComputesTheCountersCodesOfTheRfc) {
  constexpr std::string_view kCodes[] = {"755224", "287082", "359152", "969429", "338314",
                                         "254676", "287922", "162583", "399871", "520489"};
  for (std::uint64_t counter = 0; counter < std::size(kCodes); ++counter)
    EXPECT_EQ(totp_code(rfc_secret(), counter).expose(), kCodes[counter]) << counter;
}

TEST(Totp, AcceptsOneStepOfDriftInEachDirection) {
  constexpr std::uint64_t kNow = 1000;
  const auto find = [](std::uint64_t step) {
    return find_totp_step(rfc_secret(), totp_code(rfc_secret(), step).expose(), kNow, 0);
  };
  EXPECT_EQ(find(kNow - 1), kNow - 1);
  EXPECT_EQ(find(kNow), kNow);
  EXPECT_EQ(find(kNow + 1), kNow + 1);
  EXPECT_EQ(find(kNow - 2), std::nullopt);
  EXPECT_EQ(find(kNow + 2), std::nullopt);
}

TEST(Totp, AcceptsNoStepTwiceNorAnOlderOne) {
  constexpr std::uint64_t kNow = 1000;
  const auto find = [](std::uint64_t step, std::uint64_t last_used) {
    return find_totp_step(rfc_secret(), totp_code(rfc_secret(), step).expose(), kNow, last_used);
  };
  EXPECT_EQ(find(kNow, kNow), std::nullopt);
  EXPECT_EQ(find(kNow - 1, kNow), std::nullopt);
  EXPECT_EQ(find(kNow + 1, kNow), kNow + 1);
}

TEST(Totp, KnowsTheShapeOfACode) {
  EXPECT_TRUE(is_totp_shaped("000000"));
  for (const std::string_view other : {"", "12345", "1234567", "12345a", "12 456", "-12345"})
    EXPECT_FALSE(is_totp_shaped(other)) << other;
}

TEST(Totp, WritesWhatAuthenticatorAppsRead) {
  EXPECT_EQ(otpauth_uri("Cloister of Anna", "anna@meet.example", rfc_secret()).expose(),
            "otpauth://totp/Cloister%20of%20Anna:anna%40meet.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            "&issuer=Cloister%20of%20Anna&algorithm=SHA1&digits=6&period=30");
}

TEST(Totp, MakesADifferentSecretEachTime) {
  EXPECT_EQ(new_totp_secret().expose().size(), kTotpSecretBytes);
  EXPECT_NE(new_totp_secret(), new_totp_secret());
}

}  // namespace
}  // namespace cloister::gate::secrets
