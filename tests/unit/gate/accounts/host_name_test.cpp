#include "gate/accounts/host_name.h"

#include <gtest/gtest.h>

namespace cloister::gate::accounts {
namespace {

TEST(HostName, IsALocalPartOfSmallLetters) {
  EXPECT_EQ(parse_host_name("Anna.Berg-2")->expose(), "anna.berg-2");
  EXPECT_TRUE(parse_host_name(std::string(64, 'a')));
}

TEST(HostName, OtherTextsAreNone) {
  for (const std::string_view text :
       {"", ".anna", "-anna", "anna berg", "anna@meet", "anna/phone", "änna", "anna\n", "a\"b"})
    EXPECT_FALSE(parse_host_name(text)) << text;
  EXPECT_FALSE(parse_host_name(std::string(65, 'a')));
  EXPECT_FALSE(parse_host_name(std::string_view("an\0na", 5)));
}

}  // namespace
}  // namespace cloister::gate::accounts
