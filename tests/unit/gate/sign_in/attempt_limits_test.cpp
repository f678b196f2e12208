#include "gate/sign_in/attempt_limits.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace cloister::gate::sign_in {
namespace {

const SocketAddress kHome = *SocketAddress::parse("192.0.2.1", 0);
const SocketAddress kElsewhere = *SocketAddress::parse("198.51.100.7", 0);

class AttemptLimitsTest : public testing::Test {
protected:
  AttemptLimits::Verdict attempt(const std::string& account, const SocketAddress& source) {
    return limits_.begin(Personal(account), source, clock_.now());
  }
  // A wrong password; how long it was put off, zero when it was looked at.
  Duration fail_once(const std::string& account = "anna", const SocketAddress& source = kHome) {
    return attempt(account, source).wait;
  }
  void fail_ten_times(const std::string& account = "anna", const SocketAddress& source = kHome) {
    for (int i = 0; i < 10; ++i) ASSERT_EQ(fail_once(account, source), 0s) << i;
  }

  support::FakeClock clock_;
  AttemptLimits limits_{LimitSettings{}};
};

TEST_F(AttemptLimitsTest, TenFailuresAMinuteAreFree) {
  for (int minute = 0; minute < 3; ++minute) {
    for (int i = 0; i < 9; ++i) EXPECT_EQ(fail_once(), 0s);
    clock_.advance(60s);
  }
}

TEST_F(AttemptLimitsTest, WaitingRisesWithEachFurtherFailure) {
  fail_ten_times();
  for (const Duration wait : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    EXPECT_EQ(fail_once("anna"), wait);
    clock_.advance(wait - 1ms);
    EXPECT_EQ(fail_once("anna"), 1ms) << "too early changes nothing";
    clock_.advance(1ms);
    EXPECT_EQ(fail_once("anna"), 0s) << "looked at, and wrong again";
  }
}

TEST_F(AttemptLimitsTest, AMinuteOfQuietForgivesAll) {
  fail_ten_times();
  EXPECT_EQ(fail_once(), 1s);
  clock_.advance(62s);
  fail_ten_times();
}

TEST_F(AttemptLimitsTest, SourceThatTriesManyNamesIsSlowedDown) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(fail_once("host" + std::to_string(i)), 0s);
  EXPECT_EQ(fail_once("another"), 1s);
  EXPECT_EQ(fail_once("another", kElsewhere), 0s);
}

TEST_F(AttemptLimitsTest, NeighboursInOneIpv6NetworkAreOneSource) {
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(
        fail_once("host" + std::to_string(i), *SocketAddress::parse("2001:db8::" + std::to_string(i + 1), 0)),
        0s);
  EXPECT_EQ(fail_once("x", *SocketAddress::parse("2001:db8::ffff", 0)), 1s);
  EXPECT_EQ(fail_once("x", *SocketAddress::parse("2001:db8:0:1::1", 0)), 0s);
}

TEST_F(AttemptLimitsTest, AccountThatIsTriedFromManyPlacesIsSlowedDownButNeverShut) {
  Duration longest{};
  for (int i = 0; i < 200; ++i) {
    const SocketAddress source = SocketAddress::v4({10, 0, 0, static_cast<std::uint8_t>(i)}, 0);
    const Duration wait = fail_once("anna", source);
    longest = std::max(longest, wait);
    clock_.advance(wait);
  }
  EXPECT_EQ(longest, LimitSettings{}.longest_account_wait);
}

TEST_F(AttemptLimitsTest, HostIsNotLockedOutByStrangersWhereTheySignedInBefore) {
  const auto before = attempt("anna", kElsewhere);
  ASSERT_TRUE(before.attempt);
  limits_.succeeded(*before.attempt);
  fail_ten_times("anna", kHome);
  EXPECT_EQ(fail_once("anna", *SocketAddress::parse("203.0.113.9", 0)), 1s)
      << "a place where they never were";
  EXPECT_TRUE(attempt("anna", kElsewhere).attempt);
}

TEST_F(AttemptLimitsTest, RightPasswordIsNoFailure) {
  for (int i = 0; i < 50; ++i) {
    const auto verdict = attempt("anna", kHome);
    ASSERT_TRUE(verdict.attempt) << i;
    limits_.succeeded(*verdict.attempt);
  }
  fail_ten_times();
}

TEST_F(AttemptLimitsTest, RightPasswordDoesNotWashOffTheWrongOnes) {
  for (int i = 0; i < 9; ++i) EXPECT_EQ(fail_once("victim"), 0s);
  limits_.succeeded(*attempt("own", kHome).attempt);
  EXPECT_EQ(fail_once("victim"), 0s);
  EXPECT_EQ(fail_once("victim"), 1s);
}

TEST_F(AttemptLimitsTest, ManyAtOnceGainNothing) {
  // None of them is judged before the last one begins.
  int looked_at = 0;
  for (int i = 0; i < 100; ++i) looked_at += attempt("anna", kHome).attempt ? 1 : 0;
  EXPECT_EQ(looked_at, 10);
}

TEST_F(AttemptLimitsTest, PersistenceEarnsOneBan) {
  int bans = 0;
  for (int i = 0; i < 100; ++i) bans += attempt("anna", kHome).ban ? 1 : 0;
  EXPECT_EQ(bans, 1);
}

TEST_F(AttemptLimitsTest, PlaceWhereAHostSignedInIsSlowedDownButNotBanned) {
  limits_.succeeded(*attempt("anna", kHome).attempt);
  bool banned = false;
  for (int i = 0; i < 100; ++i) banned = attempt("anna", kHome).ban || banned;
  EXPECT_FALSE(banned);
  EXPECT_GT(fail_once("anna", kHome), 0s);
}

TEST_F(AttemptLimitsTest, PatienceEarnsItLater) {
  fail_ten_times();
  int attempts = 0;
  bool banned = false;
  while (!banned && ++attempts < 1000) {
    const auto verdict = attempt("anna", kHome);
    banned = verdict.ban;
    clock_.advance(verdict.wait);
  }
  EXPECT_TRUE(banned);
  EXPECT_LE(attempts, 20);
}

TEST_F(AttemptLimitsTest, WaitingOfTheAccountIsNotHeldAgainstTheSource) {
  fail_ten_times("anna", kElsewhere);
  bool banned = false;
  for (int i = 0; i < 100; ++i) banned = attempt("anna", kHome).ban || banned;
  EXPECT_FALSE(banned);
  EXPECT_EQ(fail_once("bert", kHome), 0s);
}

TEST_F(AttemptLimitsTest, MemoryIsBoundedAndForgets) {
  AttemptLimits small(LimitSettings{.max_entries = 100});
  for (std::uint32_t i = 0; i < 10000; ++i)
    (void)small.begin(
        Personal("name" + std::to_string(i)),
        SocketAddress::v4({10, 0, static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)}, 0),
        clock_.now());
  EXPECT_LE(small.entries(), 100U);
  clock_.advance(10min);
  small.forget_old(clock_.now());
  EXPECT_EQ(small.entries(), 0U);
}

}  // namespace
}  // namespace cloister::gate::sign_in
