#include "cli/machine/installation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace cloister::cli::machine {
namespace {

Result<Installation, SettingsError> load(const std::string& text) {
  const support::TemporaryFolder folder;
  std::ofstream(folder / "cloister.yaml") << text;
  return load_installation(folder / "cloister.yaml");
}

TEST(Installation, NeedsNothingButTheName) {
  const auto installation = load("public: {host: meet.example.org}\n");
  ASSERT_TRUE(installation);
  EXPECT_EQ(installation->open.port, 443);
  EXPECT_EQ(installation->relay.host, "meet.example.org");
  EXPECT_THAT(installation->backup.without, testing::Contains("/etc/cloister/private"));
}

TEST(Installation, SaysWhatIsWrongAndWhere) {
  const auto installation = load("public: {port: 99999}\nrelays: {}\n");
  ASSERT_FALSE(installation);
  EXPECT_THAT(installation.error().problems,
              testing::UnorderedElementsAre(testing::HasSubstr("public.host: is missing"),
                                            testing::HasSubstr("public.port: 99999 is not in 1…65535"),
                                            testing::HasSubstr("relays: is not a setting")));
}

}  // namespace
}  // namespace cloister::cli::machine
