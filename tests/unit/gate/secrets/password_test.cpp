#include "gate/secrets/password.h"

#include <gtest/gtest.h>

#include "gate/secrets/sign_in_token.h"

namespace cloister::gate::secrets {
namespace {

constexpr HashCost kCheap{.memory_kib = 1024, .passes = 1};

Secret secret(std::string_view text) { return Secret(std::string(text)); }

TEST(Password, VerifierKnowsItsPasswordAndNoOther) {
  const auto verifier = make_verifier(secret("correct horse"), kCheap);
  ASSERT_TRUE(verifier);
  EXPECT_TRUE(matches(*verifier, secret("correct horse")));
  for (const std::string_view other : {"", "correct hors", "correct horse ", "Correct horse"})
    EXPECT_FALSE(matches(*verifier, secret(other))) << other;
}

TEST(Password, VerifierIsArgon2idOfItsCostWithASaltOfItsOwn) {
  const auto one = make_verifier(secret("correct horse"), kCheap);
  const auto two = make_verifier(secret("correct horse"), kCheap);
  EXPECT_TRUE(one->starts_with("$argon2id$v=19$m=1024,t=1,p=1$")) << *one;
  EXPECT_NE(*one, *two);
  EXPECT_TRUE(has_cost(*one, kCheap));
  EXPECT_FALSE(has_cost(*one, HashCost{}));
}

// What the tool `argon2` (20190702) prints for: echo -n "password" | argon2 somesalt -id -t 2 -m 16 -p 1
// -l 32.
TEST(Password, ReadsAVerifierMadeElsewhere) {
  const std::string verifier =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  EXPECT_TRUE(matches(verifier, secret("password")));
  EXPECT_FALSE(matches(verifier, secret("differentpassword")));
}

TEST(Password, DamagedVerifierMatchesNothing) {
  for (const std::string verifier :
       {"", "x", "$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$", "$argon2id$v=19$m=1"})
    EXPECT_FALSE(matches(verifier, secret("password"))) << verifier;
}

struct Spelling {
  std::string_view why;
  std::string_view typed;
  std::string_view spelled;
};
constexpr Spelling kSpellings[] = {
    {"plain text stays",                           "correct horse", "correct horse"},
    {"a no-break space is a space",                "a\u00a0b",      "a b"          },
    {"a letter and its accent are one letter",     "o\u0308l",      "\u00f6l"      },
    {"an ellipsis is three full stops",            "\u2026",        "..."          },
    {"what nobody sees is nothing (RFC 4013 2.1)", "I\u00adX",      "IX"           },
};
TEST(Password, IsSpelledAsXmppServersDo) {
  for (const auto& [why, typed, spelled] : kSpellings) {
    SCOPED_TRACE(why);
    const auto password = spell_password(typed);
    ASSERT_TRUE(password);
    EXPECT_EQ(password->expose(), spelled);
  }
}

struct Refusal {
  std::string_view why;
  std::string typed;
  PasswordFault fault;
};
TEST(Password, RefusesWhatNoClientCouldSend) {
  const Refusal refusals[] = {
      {"nothing",                   "",                                 PasswordFault::too_short    },
      {"only what nobody sees",     "\u00ad",                           PasswordFault::too_short    },
      {"more than the field takes", std::string(kMostPasswordBytes + 1, 'a'),                         PasswordFault::too_long},
      {"a control character",                           "pass\u0007word",                                         PasswordFault::not_text                          },
      {"an end of text inside",                           std::string("pass\0word",                                       9),PasswordFault::not_text},
      {"no UTF-8",    "pass\xffword",                                      PasswordFault::not_text                                                                  },
      {"newer than SASLprep's table",    "pass\U0001F600word", PasswordFault::not_text},
  };
  for (const auto& [why, typed, fault] : refusals) {
    SCOPED_TRACE(why);
    const auto password = spell_password(typed);
    ASSERT_FALSE(password);
    EXPECT_EQ(password.error(), fault);
  }
}

TEST(Password, NewOnesAreLongEnoughAndLeaveRoomForACode) {
  EXPECT_EQ(spell_new_password("123456789").error(), PasswordFault::too_short);
  EXPECT_EQ(spell_new_password("\u00f6\u00f6\u00f6\u00f6\u00f6\u00f6").error(), PasswordFault::too_short);
  EXPECT_TRUE(spell_new_password("1234567890"));
  EXPECT_EQ(spell_new_password(std::string(kMostPasswordBytes, 'a')).error(), PasswordFault::too_long);
  EXPECT_EQ(spell_new_password(new_token_text().expose()).error(), PasswordFault::like_token);
}

}  // namespace
}  // namespace cloister::gate::secrets
