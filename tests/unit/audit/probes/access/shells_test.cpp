#include <gmock/gmock.h>

#include "audit/probes/access/probes.h"
#include "audit/probes/access/shell_settings.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::MachineTree;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Spelling {
  const char* written;
  const char* canonical;
};
constexpr Spelling kMasks[] = {
    {"22",            "0022"},
    {"0027",          "0027"},
    {"u=rwx,g=rx,o=", "0027"},
    {"a=rwx",         "0000"},
    {"u=rwx,go=",     "0077"},
};
TEST(ShellSettings, ReadsMasksOfBothForms) {
  for (const auto& [written, canonical] : kMasks) EXPECT_EQ(canonical_umask(written), canonical) << written;
  for (const auto* none : {"", "1000", "u=q", "rwx", "9"}) EXPECT_FALSE(canonical_umask(none)) << none;
}

struct Timeout {
  const char* text;
  const char* value;
  bool readonly;
  bool exported;
};
constexpr Timeout kTimeouts[] = {
    {"readonly TMOUT=900 ; export TMOUT",            "900", true,  true },
    {"TMOUT=600\nreadonly TMOUT\nexport TMOUT",      "600", true,  true },
    {"declare -xr TMOUT=300",                        "300", true,  true },
    {"typeset -r TMOUT='900'",                       "900", true,  false},
    {"if [ -n \"$PS1\" ]; then export TMOUT=60; fi", "60",  false, true },
};
TEST(ShellSettings, ReadsAVariableHoweverItIsDeclared) {
  for (const auto& [text, value, readonly, exported] : kTimeouts) {
    SCOPED_TRACE(text);
    const auto found = assignments_of(text, "TMOUT");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.front().value, value);
    EXPECT_EQ(found.front().readonly, readonly);
    EXPECT_EQ(found.front().exported, exported);
  }
  EXPECT_THAT(assignments_of("echo TMOUT=1\n# TMOUT=2\nMYTMOUT=3", "TMOUT"), IsEmpty());
}

TEST(Shells, TellEveryPlaceThatSetsAMask) {
  MachineTree tree;
  tree.with("/etc/profile", "umask 022\n")
      .with("/etc/profile.d/site.sh", "[ \"$UID\" = 0 ] && umask 027\numask -S\n")
      .with("/etc/login.defs", "# UMASK 077\nUMASK\t\t027\n")
      .with("/etc/pam.d/common-session", "session optional pam_umask.so umask=0077\n");
  EXPECT_THAT(observe_shells(tree.unpacked(), asked("umask")).facts,
              ElementsAre(Fact{"/etc/profile:1", "0022"}, Fact{"/etc/profile.d/site.sh:1", "0027"},
                          Fact{"/etc/login.defs:2", "0027"}, Fact{"common-session:1", "0077"}));
  EXPECT_EQ(observe_shells(tree.unpacked(), asked("root_umask")).state, State::absent);
}

TEST(Shells, TellHowLongTheyMayIdle) {
  MachineTree tree;
  tree.with("/etc/profile.d/timeout.sh", "readonly TMOUT=900\nexport TMOUT\n")
      .with("/etc/bash.bashrc", "TMOUT=0\n");
  EXPECT_THAT(observe_shells(tree.unpacked(), asked("timeout")).facts,
              ElementsAre(Fact{"/etc/bash.bashrc:1", "0"},
                          Fact{"/etc/profile.d/timeout.sh:1", "900 readonly exported"}));
}

TEST(Shells, ShowWhatIsWrongWithRootsPath) {
  MachineTree tree;
  tree.with("/etc/passwd", "")
      .with_folder("/usr/bin", 0755)
      .with_folder("/opt/open", 0777)
      .with("/root/.profile", "PATH=$PATH:/opt/open:bin:\nexport PATH\n")
      .with("/etc/login.defs", "ENV_SUPATH PATH=/usr/bin:/gone\n");
  const auto facts = observe_shells(tree.unpacked(), asked("root_path")).facts;
  EXPECT_THAT(facts, Contains(Fact{"/opt/open", "0777 " + tree.owner() + " folder"}));
  EXPECT_THAT(facts, Contains(Fact{"/usr/bin", "0755 " + tree.owner() + " folder"}));
  EXPECT_THAT(facts, Contains(Fact{"bin", "relative"}));
  EXPECT_THAT(facts, Contains(Fact{"/root/.profile:1", "empty"}));
  EXPECT_THAT(facts, Contains(Fact{"/gone", "missing"}));
}

}  // namespace
}  // namespace cloister::audit::probes
