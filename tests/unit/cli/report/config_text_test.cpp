#include "cli/report/config_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cloister::cli::report {
namespace {

using testing::ElementsAre;

TEST(ConfigText, ReadsNginxDirectives) {
  const auto directives = nginx_directives(
      "user www-data; # access_log on;\nhttp {\n  access_log off;\n  add_header X \"a 'b'; c\" always;\n"
      "  location / { try_files $uri =404; }\n}\n");
  EXPECT_THAT(
      directives,
      ElementsAre(ElementsAre("user", "www-data"), ElementsAre("http"), ElementsAre("access_log", "off"),
                  ElementsAre("add_header", "X", "a 'b'; c", "always"), ElementsAre("location", "/"),
                  ElementsAre("try_files", "$uri", "=404")));
}

TEST(ConfigText, ReadsEveryValueThatLuaGivesToAName) {
  const char* const text = "log = {} -- none\n-- log = \"*console\"\n\tlog = { info = \"x\" }\nlogs = 1\n";
  EXPECT_THAT(lua_values(text, "log"), ElementsAre("{}", "{ info = \"x\" }"));
}

TEST(ConfigText, TheLastOfSystemdsValuesCounts) {
  EXPECT_EQ(last_value("[Journal]\n#Storage=auto\nStorage=auto\n Storage = volatile \n", "Storage"),
            "volatile");
  EXPECT_EQ(last_value("[Journal]\n#Storage=volatile\n", "Storage"), "");
}

}  // namespace
}  // namespace cloister::cli::report
