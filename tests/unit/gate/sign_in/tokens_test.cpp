#include "gate/sign_in/tokens.h"

#include <gtest/gtest.h>

#include <vector>

#include "gate/secrets/sign_in_token.h"
#include "support/fake_clock.h"

namespace cloister::gate::sign_in {
namespace {

constexpr TokenOwner kAnna{.host = 1, .generation = 7};
constexpr TokenOwner kBert{.host = 2, .generation = 1};

class TokensTest : public testing::Test {
protected:
  support::FakeClock clock_;
  Tokens tokens_{TokenSettings{}};
};

TEST_F(TokensTest, TokenNamesItsOwner) {
  const auto anna = tokens_.issue(kAnna, clock_.now());
  const auto bert = tokens_.issue(kBert, clock_.now());
  EXPECT_TRUE(secrets::is_token_shaped(anna.expose()));
  EXPECT_EQ(tokens_.use(anna, clock_.now()), kAnna);
  EXPECT_EQ(tokens_.use(bert, clock_.now()), kBert);
  EXPECT_EQ(tokens_.use(secrets::new_token_text(), clock_.now()), std::nullopt);
}

TEST_F(TokensTest, UnusedTokenIsSoonWorthNothing) {
  const auto token = tokens_.issue(kAnna, clock_.now());
  clock_.advance(2min);
  EXPECT_EQ(tokens_.use(token, clock_.now()), std::nullopt);
}

TEST_F(TokensTest, UsedTokenBringsTheHostBackForTheMeeting) {
  const auto token = tokens_.issue(kAnna, clock_.now());
  EXPECT_TRUE(tokens_.use(token, clock_.now()));
  clock_.advance(12h - 1s);
  EXPECT_TRUE(tokens_.use(token, clock_.now())) << "a reload at the end of the day";
  clock_.advance(1s);
  EXPECT_FALSE(tokens_.use(token, clock_.now()));
}

TEST_F(TokensTest, RevokedTokenIsOver) {
  const auto token = tokens_.issue(kAnna, clock_.now());
  tokens_.revoke(token);
  EXPECT_FALSE(tokens_.use(token, clock_.now()));
}

TEST_F(TokensTest, EachHostHasAFewAndTheOldestGoes) {
  const auto bert = tokens_.issue(kBert, clock_.now());
  std::vector<secrets::Secret> annas;
  for (int i = 0; i < 9; ++i) {
    clock_.advance(1s);
    annas.push_back(tokens_.issue(kAnna, clock_.now()));
  }
  EXPECT_FALSE(tokens_.use(annas[0], clock_.now()));
  EXPECT_TRUE(tokens_.use(annas[1], clock_.now()));
  EXPECT_TRUE(tokens_.use(bert, clock_.now()));
}

TEST_F(TokensTest, WhatIsOverIsForgotten) {
  (void)tokens_.issue(kAnna, clock_.now());
  clock_.advance(2min);
  tokens_.forget_old(clock_.now());
  EXPECT_EQ(tokens_.size(), 0U);
}

}  // namespace
}  // namespace cloister::gate::sign_in
