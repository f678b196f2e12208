#include <gmock/gmock.h>

#include "audit/probes/files/probes.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::asked_with;
using support::MachineTree;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(FileLines, NamesTheLinesThatMatchAsAWholeAndPassesOverComments) {
  MachineTree tree;
  tree.with("/etc/security/limits.conf", "# * hard core 0\n\n*   hard   core  0  \nroot hard core 0\n");
  const auto seen = observe_file_lines(tree.unpacked(), asked_with({
                                                            {"path",  {"/etc/security/limits.conf"}},
                                                            {"match", {"\\*\\s+hard\\s+core\\s+.*"}}
  }));
  EXPECT_THAT(seen.facts, ElementsAre(Fact{"/etc/security/limits.conf:3", "*   hard   core  0"}));
}

TEST(FileLines, ReadsCommentsWhenAsked) {
  MachineTree tree;
  tree.with("/etc/x", "# secret\n");
  const auto seen = observe_file_lines(
      tree.unpacked(), asked_with({
                           {"path",     {"/etc/x"}  },
                           {"match",    {".*secret"}},
                           {"comments", {"yes"}     }
  }));
  EXPECT_THAT(seen.facts, ElementsAre(Fact{"/etc/x:1", "# secret"}));
}

TEST(FileLines, TellsNoFileFromNoLine) {
  MachineTree tree;
  tree.with("/etc/there", "something\n");
  const auto look = [&](const char* path) {
    return observe_file_lines(tree.unpacked(), asked_with({
                                                   {"path",  {path}  },
                                                   {"match", {"else"}}
    }));
  };
  EXPECT_EQ(look("/etc/there").state, State::observed);
  EXPECT_THAT(look("/etc/there").facts, IsEmpty());
  EXPECT_EQ(look("/etc/not-there").state, State::absent);
  EXPECT_EQ(look("/etc/*.none").state, State::absent);
}

TEST(FileLines, IsUnsureOfALineThatIsTooLong) {
  MachineTree tree;
  tree.with("/etc/x", std::string(70000, 'a') + "\n");
  const auto seen = observe_file_lines(tree.unpacked(), asked_with({
                                                            {"path",  {"/etc/x"}},
                                                            {"match", {"a+"}    }
  }));
  EXPECT_EQ(seen.state, State::unreadable);
}

// What timesyncd would do: the file in /etc hides that of the vendor; drop-ins count by name, the later one
// wins.
TEST(Setting, FollowsDropInsAsSystemdDoes) {
  MachineTree tree;
  tree.with("/usr/lib/systemd/timesyncd.conf", "[Time]\nNTP=vendor.example.org\n")
      .with("/etc/systemd/timesyncd.conf", "[Time]\n#NTP=comment\nFallbackNTP=main.example.org\n")
      .with("/usr/lib/systemd/timesyncd.conf.d/50-a.conf", "[Time]\nNTP=fifty.example.org\n")
      .with("/etc/systemd/timesyncd.conf.d/40-b.conf", "[Time]\nNTP=forty.example.org\n")
      .with("/usr/lib/systemd/timesyncd.conf.d/60-c.conf", "[Time]\nNTP=hidden.example.org\n")
      .with("/etc/systemd/timesyncd.conf.d/60-c.conf", "[Other]\nNTP=other.example.org\n");
  const auto seen = observe_setting(tree.unpacked(), asked_with({
                                                         {"path",    {"/etc/systemd/timesyncd.conf"}  },
                                                         {"folder",  {"timesyncd.conf.d"}             },
                                                         {"section", {"Time"}                         },
                                                         {"keys",    {"NTP", "FallbackNTP", "PollMax"}}
  }));
  EXPECT_THAT(seen.facts, ElementsAre(Fact{"NTP", "fifty.example.org"},
                                      Fact{"FallbackNTP", "main.example.org"}, Fact{"PollMax", "unset"}));
}

TEST(Setting, TakesAnEmptyValueForUnset) {
  MachineTree tree;
  tree.with("/etc/x.conf", "Key=1\nKey=\n");
  const auto seen = observe_setting(tree.unpacked(), asked_with({
                                                         {"path", {"/etc/x.conf"}},
                                                         {"key",  {"Key"}        }
  }));
  EXPECT_EQ(seen.state, State::absent);
}

TEST(Setting, ReadsShellVariablesAndBlanks) {
  MachineTree tree;
  tree.with("/etc/default/ufw", "DEFAULT_INPUT_POLICY=\"DROP\"\n").with("/etc/words", "umask\t 027\n");
  EXPECT_THAT(observe_setting(tree.unpacked(),
                              asked_with({
                                  {"path", {"/etc/default/ufw"}    },
                                  {"key",  {"DEFAULT_INPUT_POLICY"}}
  }))
                  .facts,
              ElementsAre(Fact{"configured", "DROP"}));
  EXPECT_THAT(observe_setting(tree.unpacked(),
                              asked_with({
                                  {"path",      {"/etc/words"}},
                                  {"key",       {"umask"}     },
                                  {"separator", {"blank"}     }
  }))
                  .facts,
              ElementsAre(Fact{"configured", "027"}));
}

constexpr const char* kRelease =
    "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_CODENAME=bookworm\nHOME_URL=x\n";

TEST(Banner, NamesWhatTellsTheSystem) {
  MachineTree tree;
  tree.with("/etc/os-release", kRelease)
      .with("/proc/sys/kernel/osrelease", "6.1.0-40-amd64\n")
      .with("/etc/issue", "DEBIAN GNU/Linux 12 \\n \\l\n")
      .with("/etc/issue.net", "Kernel \\r of 6.1.0-40-amd64\n");
  const auto reveals = [&](const char* path) {
    return observe_banner(tree.running(), asked_with({
                                              {"path",  {path}     },
                                              {"field", {"reveals"}}
    }))
        .facts;
  };
  EXPECT_THAT(reveals("/etc/issue"), ElementsAre(Fact{"/etc/issue", "debian"}));
  EXPECT_THAT(reveals("/etc/issue.net"),
              ElementsAre(Fact{"/etc/issue.net", "\\r"}, Fact{"/etc/issue.net", "6.1.0-40-amd64"}));
}

TEST(Banner, IsContentWithAHouseRule) {
  MachineTree tree;
  tree.with("/etc/os-release", kRelease).with("/etc/issue", "Authorised persons only.\nAll is recorded.\n");
  EXPECT_THAT(observe_banner(tree.unpacked(), asked_with({
                                                  {"path",  {"/etc/issue"}},
                                                  {"field", {"reveals"}   }
  }))
                  .facts,
              IsEmpty());
  EXPECT_THAT(observe_banner(tree.unpacked(), asked_with({
                                                  {"path",  {"/etc/issue"}},
                                                  {"field", {"text"}      }
  }))
                  .facts,
              ElementsAre(Fact{"/etc/issue", "Authorised persons only. All is recorded."}));
}

}  // namespace
}  // namespace cloister::audit::probes
