#include "gate/secrets/recovery_code.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "gate/secrets/totp.h"

namespace cloister::gate::secrets {
namespace {

TEST(RecoveryCode, ComesInTensEachDifferent) {
  const auto codes = new_recovery_codes();
  ASSERT_EQ(codes.size(), 10U);
  std::set<std::string> different;
  for (const Secret& code : codes) {
    EXPECT_TRUE(std::regex_match(code.expose(), std::regex("([a-z2-7]{4}-){3}[a-z2-7]{4}"))) << code.expose();
    different.insert(code.expose());
  }
  EXPECT_EQ(different.size(), codes.size());
}

TEST(RecoveryCode, IsReadHoweverItIsTyped) {
  for (const std::string_view typed :
       {"abcd-efgh-ijkl-mn23", "abcdefghijklmn23", "ABCD EFGH IJKL MN23", "ab-cdefghijk-lmn23 "})
    EXPECT_EQ(spell_recovery_code(typed), Secret("abcdefghijklmn23")) << typed;
}

TEST(RecoveryCode, OtherTextsAreNone) {
  for (const std::string_view typed : {"", "abcd-efgh-ijkl-mn2", "abcd-efgh-ijkl-mn234",
                                       "abcd-efgh-ijkl-mn21", "abcd_efgh_ijkl_mn23", "----", "123456"})
    EXPECT_FALSE(spell_recovery_code(typed)) << typed;
  EXPECT_FALSE(spell_recovery_code(std::string(100, '-') + "abcdefghijklmn23"));
}

}  // namespace
}  // namespace cloister::gate::secrets
