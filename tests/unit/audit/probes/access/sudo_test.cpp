#include <gmock/gmock.h>

#include "audit/probes/access/probes.h"
#include "audit/probes/access/sudoers.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::MachineTree;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Sudoers, ReadsSettingsWithTheirScope) {
  const Sudoers parsed = parse_sudoers(
      "Defaults\tenv_reset, !lecture\n"
      "Defaults:ann secure_path=\"/usr/bin:/bin, /sbin\"\n"
      "Defaults timestamp_timeout = 5  # minutes\n"
      "Defaults !!use_pty\n");
  ASSERT_THAT(parsed.defaults, SizeIs(5));
  EXPECT_EQ(parsed.defaults[0].value, "yes");
  EXPECT_EQ(parsed.defaults[1].name + parsed.defaults[1].value, "lectureno");
  EXPECT_EQ(parsed.defaults[2].scope, ":ann");
  EXPECT_EQ(parsed.defaults[2].value, "/usr/bin:/bin, /sbin");
  EXPECT_EQ(parsed.defaults[3].value, "5");
  EXPECT_EQ(parsed.defaults[4].value, "yes");
}

TEST(Sudoers, JoinsLinesAndKnowsNumbersFromComments) {
  const Sudoers parsed = parse_sudoers(
      "User_Alias OPS = ann, bob\n"
      "OPS ALL=(ALL) \\\n  NOPASSWD: ALL\n"
      "#1000 ALL=(ALL) ALL\n"
      "# nobody ALL=(ALL) ALL\n");
  ASSERT_THAT(parsed.rules, SizeIs(2));
  EXPECT_EQ(parsed.rules[0].text, "OPS ALL=(ALL)   NOPASSWD: ALL");
  EXPECT_EQ(parsed.rules[0].line, 2U);
  EXPECT_EQ(parsed.rules[1].text, "#1000 ALL=(ALL) ALL");
}

MachineTree& with_sudo(MachineTree& tree) { return tree.with("/usr/bin/sudo"); }

TEST(Sudo, TakesTheLastValueOverAllFiles) {
  MachineTree tree;
  with_sudo(tree)
      .with("/etc/sudoers", "Defaults use_pty\n@includedir /etc/sudoers.d\nDefaults timestamp_timeout=10\n")
      .with("/etc/sudoers.d/10-site",
            "Defaults !use_pty, timestamp_timeout=0\nDefaults:ann timestamp_timeout=-1\n")
      .with("/etc/sudoers.d/10-site~", "Defaults use_pty\n")
      .with("/etc/sudoers.d/README.txt", "Defaults use_pty\n");
  const System system = tree.unpacked();
  EXPECT_THAT(observe_sudo(system, asked("use_pty")).facts, ElementsAre(Fact{"effective", "no"}));
  EXPECT_THAT(observe_sudo(system, asked("timestamp_timeout")).facts,
              ElementsAre(Fact{"effective", "10"}, Fact{"/etc/sudoers.d/10-site:2", "-1"}));
}

TEST(Sudo, NamesRulesThatDoWithoutAPassword) {
  MachineTree tree;
  with_sudo(tree)
      .with("/etc/sudoers", "root ALL=(ALL:ALL) ALL\n#includedir /etc/sudoers.d\n")
      .with("/etc/sudoers.d/ops", "%ops ALL=(ALL) NOPASSWD:ALL\nDefaults:ann !authenticate\n");
  const System system = tree.unpacked();
  EXPECT_THAT(observe_sudo(system, asked("without_password")).facts,
              ElementsAre(Fact{"/etc/sudoers.d/ops:1", "%ops ALL=(ALL) NOPASSWD:ALL"}));
  EXPECT_THAT(observe_sudo(system, asked("without_authentication")).facts,
              ElementsAre(Fact{"/etc/sudoers.d/ops:2", "Defaults:ann !authenticate"}));
}

TEST(Sudo, KnowsWhatItDoesWhenNothingIsSet) {
  MachineTree tree;
  with_sudo(tree).with("/etc/sudoers", "root ALL=(ALL:ALL) ALL\n");
  const System system = tree.unpacked();
  EXPECT_THAT(observe_sudo(system, asked("timestamp_timeout")).facts, ElementsAre(Fact{"effective", "15"}));
  EXPECT_THAT(observe_sudo(system, asked("use_pty")).facts, ElementsAre(Fact{"effective", "no"}));
  EXPECT_EQ(observe_sudo(system, asked("logfile")).state, State::absent);
  EXPECT_THAT(observe_sudo(system, asked("without_password")).facts, IsEmpty());
}

TEST(Sudo, IsNotThere) {
  MachineTree tree;
  tree.with("/etc/sudoers", "Defaults use_pty\n");
  EXPECT_EQ(observe_sudo(tree.unpacked(), asked("use_pty")).state, State::not_installed);
}

}  // namespace
}  // namespace cloister::audit::probes
