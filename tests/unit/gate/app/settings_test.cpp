#include "gate/app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace cloister::gate::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SettingsTest : public testing::Test {
protected:
  Result<Settings, SettingsError> load(const std::string& more = {},
                                       const std::string& key = "twenty characters and more",
                                       const std::string& address = "127.0.0.1") const {
    std::ofstream(folder_ / "key") << key << '\n';
    std::ofstream(folder_ / "gate.yaml")
        << "http: {address: \"" << address << "\", callers_key_file: " << folder_ / "key"
        << "}\n"
        << more;
    return load_settings(folder_ / "gate.yaml");
  }
  support::TemporaryFolder folder_;
};

TEST_F(SettingsTest, Defaults) {
  const auto settings = load();
  ASSERT_TRUE(settings) << settings.error().problems.front();
  EXPECT_EQ(settings->http.callers_key, "twenty characters and more");
  EXPECT_EQ(settings->http.port, 8890);
  EXPECT_EQ(settings->state.database, "/var/lib/cloister/gate/hosts.sqlite3");
  EXPECT_EQ(settings->password_cost, (secrets::HashCost{.memory_kib = 65536, .passes = 3}));
  EXPECT_EQ(settings->limits.free_failures, 10U);
  EXPECT_EQ(settings->limits.ban_length, 1h);
  EXPECT_EQ(settings->guard_socket, "");
}

TEST_F(SettingsTest, ReadsAllSections) {
  const auto settings = load(
      "state: {database: /d, key_file: /k}\nissuer: Anna's school\npassword_cost: {memory_kib: 2048, passes: "
      "1}\n"
      "limits: {failures_a_minute: 5, first_wait_seconds: 2, longest_source_wait_seconds: 20, "
      "longest_account_wait_seconds: 4, ban_after: 7, ban_seconds: 60}\n"
      "tokens: {first_use_seconds: 30, lifetime_seconds: 3600}\nguard_socket: /run/guard\n");
  ASSERT_TRUE(settings) << settings.error().problems.front();
  EXPECT_EQ(settings->state.key_file, "/k");
  EXPECT_EQ(settings->issuer, "Anna's school");
  EXPECT_EQ(settings->password_cost.passes, 1U);
  EXPECT_EQ(settings->limits.free_failures, 5U);
  EXPECT_EQ(settings->limits.first_wait, 2s);
  EXPECT_EQ(settings->limits.longest_account_wait, 4s);
  EXPECT_EQ(settings->limits.ban_after, 7U);
  EXPECT_EQ(settings->tokens.first_use, 30s);
  EXPECT_EQ(settings->guard_socket, "/run/guard");
}

TEST_F(SettingsTest, SaysWhatIsWrong) {
  EXPECT_THAT(load("", "short").error().problems, ElementsAre(HasSubstr("less than 20 characters")));
  EXPECT_THAT(load("", "twenty characters and more", "0.0.0.0").error().problems,
              ElementsAre(HasSubstr("is not an address of this machine alone")));
  EXPECT_THAT(load("password_cost: {passes: 0}\n").error().problems,
              ElementsAre(HasSubstr("is not in 1…20")));
  EXPECT_THAT(load("colour: red\n").error().problems,
              ElementsAre(HasSubstr("is not a setting of this program")));
}

}  // namespace
}  // namespace cloister::gate::app
