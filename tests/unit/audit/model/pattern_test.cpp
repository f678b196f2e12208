// Expressions come from checks, values from machines: neither may end the audit.
#include "audit/model/pattern.h"

#include <gtest/gtest.h>

namespace cloister::audit::model {
namespace {

Pattern made(const std::string& text) { return *Pattern::make(text); }

TEST(Pattern, MatchesTheWholeOrSearches) {
  EXPECT_EQ(made("a+").whole("aaa"), Match::yes);
  EXPECT_EQ(made("a+").whole("aab"), Match::no);
  EXPECT_EQ(made("a+").search("baab"), Match::yes);
  std::vector<std::string> groups;
  EXPECT_EQ(made("(\\w+) *= *(\\w+)").search("key = value", &groups), Match::yes);
  EXPECT_EQ(groups, (std::vector<std::string>{"key = value", "key", "value"}));
}

TEST(Pattern, SaysWhatIsWrongWithIt) {
  for (const char* const broken : {"(", "[a", "*", "a{2,1}", "\\"}) {
    const auto pattern = Pattern::make(broken);
    EXPECT_FALSE(pattern) << broken;
  }
}

TEST(Pattern, GivesUpOnWhatTakesTooLong) {
  EXPECT_EQ(made("(a|b)*").whole(std::string(8'000, 'a')), Match::yes) << "long is no reason";
  EXPECT_EQ(made("a*").whole(std::string(100'000, 'a')), Match::gave_up) << "too long is";
  EXPECT_EQ(made("(a+)+(a+)+(a+)+$").whole(std::string(200, 'a') + "b"), Match::gave_up) << "a trap";
}

}  // namespace
}  // namespace cloister::audit::model
