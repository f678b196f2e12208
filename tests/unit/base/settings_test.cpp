#include "base/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace cloister {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A folder of the test's own that goes with it.
class Folder {
public:
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "settings-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name, const std::string& text) const {
    const std::string path = (path_ / name).string();
    std::ofstream(path) << text;
    return path;
  }
  std::string path() const { return path_.string(); }

private:
  std::filesystem::path path_;
};

struct Example {
  std::string name = "unset";
  std::uint16_t port = 10000;
  std::int64_t rate = 5;
  bool on = false;
  std::vector<std::string> addresses;
  std::vector<std::string> peers;
};

class Settings : public testing::Test {
protected:
  // Reads `yaml` as a daemon would; what is wrong goes to `problems`, without the folder's name.
  void read(const std::string& yaml) {
    problems = read_settings(folder.file("example.yaml", yaml), [this](SettingsReader& in) {
      in.require("name", example.name);
      SettingsReader media = in.section("media");
      media.read_number<std::uint16_t>("port", example.port, 1, 65535);
      media.read_number<std::int64_t>("rate", example.rate, 0, 100);
      media.read("on", example.on);
      media.read("addresses", example.addresses);
      media.list("peers", [this](SettingsReader& item) {
        std::string host;
        item.require("host", host);
        item.finish();
        example.peers.push_back(host);
      });
      media.finish();
      in.finish();
    });
    const std::string prefix = folder.path() + "/";
    for (std::string& problem : problems)
      if (problem.starts_with(prefix)) problem.erase(0, prefix.size());
  }

  Folder folder;
  Example example;
  std::vector<std::string> problems;
};

TEST_F(Settings, ReadsWhatIsThereAndKeepsTheDefaultsOfWhatIsNot) {
  read(
      "name: here\nmedia:\n  port: 4443\n  on: true\n  addresses: [192.0.2.1, '::1']\n  peers: [{host: a}, "
      "{host: b}]\n");
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(example.name, "here");
  EXPECT_EQ(example.port, 4443);
  EXPECT_EQ(example.rate, 5);
  EXPECT_TRUE(example.on);
  EXPECT_THAT(example.addresses, ElementsAre("192.0.2.1", "::1"));
  EXPECT_THAT(example.peers, ElementsAre("a", "b"));
}

TEST_F(Settings, AnEmptySectionIsAnAbsentOne) {
  read("name: here\nmedia:\n");
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(example.port, 10000);
}

struct Wrong {
  const char* why;
  const char* yaml;
  const char* problem;
};
constexpr Wrong kWrong[] = {
    {"unknown key",              "name: x\ncolour: red\n",                                "example.yaml:2: colour: is not a setting of this program"},
    {"unknown key inside",       "name: x\nmedia:\n  port: 1\n  prot: 2\n",
     "example.yaml:4: media.prot: is not a setting of this program"                                                                                 },
    {"unknown key in a list",    "name: x\nmedia:\n  peers:\n    - {host: a, hots: b}\n",
     "example.yaml:4: media.peers[0].hots: is not a setting of this program"                                                                        },
    {"missing",                  "media:\n  port: 1\n",                                   "example.yaml:1: name: is missing"                        },
    {"missing in a list",        "name: x\nmedia:\n  peers:\n    - {}\n",
     "example.yaml:4: media.peers[0].host: is missing"                                                                                              },
    {"above its range",          "name: x\nmedia:\n  rate: 101\n",                        "example.yaml:3: media.rate: 101 is not in 0…100"       },
    {"below its range",          "name: x\nmedia:\n  rate: -1\n",                         "example.yaml:3: media.rate: -1 is not in 0…100"        },
    {"zero as a port",           "name: x\nmedia: {port: 0}\n",                           "example.yaml:2: media.port: 0 is not in 1…65535"       },
    {"more than the type holds", "name: x\nmedia: {port: 99999}\n",
     "example.yaml:2: media.port: 99999 is not in 1…65535"                                                                                        },
    {"a word for a number",      "name: x\nmedia: {port: many}\n",
     "example.yaml:2: media.port: has a value of the wrong kind"                                                                                    },
    {"a list for a number",      "name: x\nmedia: {port: [1]}\n",
     "example.yaml:2: media.port: has a value of the wrong kind"                                                                                    },
    {"a number for a truth",     "name: x\nmedia: {on: 7}\n",
     "example.yaml:2: media.on: has a value of the wrong kind"                                                                                      },
    {"a word for a list",        "name: x\nmedia: {peers: a}\n",                          "example.yaml:2: media.peers: must be a list"             },
    {"a word for a mapping",     "name: x\nmedia: on\n",                                  "example.yaml:2: media must be a mapping"                 },
    {"a list for the file",      "- a\n- b\n",                                            "must be a mapping"                                       },
};

TEST_F(Settings, SaysWhatIsWrongAndWhere) {
  for (const auto& [why, yaml, problem] : kWrong) {
    SCOPED_TRACE(why);
    read(yaml);
    EXPECT_THAT(problems, testing::Contains(HasSubstr(problem)));
  }
}

TEST_F(Settings, AWrongValueLeavesTheDefault) {
  read("name: x\nmedia: {port: 0, rate: 101, on: perhaps}\n");
  EXPECT_EQ(problems.size(), 3U) << "all of them at once";
  EXPECT_EQ(example.port, 10000);
  EXPECT_EQ(example.rate, 5);
  EXPECT_FALSE(example.on);
}

TEST_F(Settings, AFileThatIsNoYamlIsOneProblemWithItsLine) {
  read("name: x\nmedia: {port: 1\n");
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems[0], testing::MatchesRegex("example.yaml:[23]: .+"));
}

TEST_F(Settings, AFileThatIsNotThereIsOneProblem) {
  EXPECT_THAT(read_settings(folder.path() + "/none.yaml", [](SettingsReader&) {}),
              ElementsAre(HasSubstr("none.yaml: cannot be read")));
}

struct Secret {
  std::string value;
  std::vector<std::string> problems;
};
Secret read_secret(const Folder& folder, const std::string& yaml) {
  Secret out;
  out.problems = read_settings(folder.file("secret.yaml", yaml), [&out](SettingsReader& in) {
    in.read_secret_file("password_file", out.value);
    in.finish();
  });
  return out;
}

TEST(SecretFile, ItsFirstLineIsTheSecret) {
  const Folder folder;
  const auto [value, problems] =
      read_secret(folder, "password_file: " + folder.file("password", "s3cret word\nsecond line\n"));
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(value, "s3cret word");
}

TEST(SecretFile, MustBeNamedReadableAndNotEmpty) {
  const Folder folder;
  EXPECT_THAT(read_secret(folder, "{}").problems, ElementsAre(HasSubstr("password_file: is missing")));
  for (const std::string& path :
       {folder.path() + "/none", folder.path(), folder.file("empty", ""), folder.file("blank", "\nx")}) {
    const auto [value, problems] = read_secret(folder, "password_file: " + path);
    EXPECT_THAT(problems, ElementsAre(HasSubstr("names a file that cannot be read or is empty")));
    EXPECT_EQ(value, "");
  }
}

}  // namespace
}  // namespace cloister
