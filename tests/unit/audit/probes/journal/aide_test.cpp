#include <gmock/gmock.h>

#include "audit/probes/journal/aide_config.h"
#include "audit/probes/journal/probes.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::MachineTree;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

AideConfig parsed(const char* text) {
  AideConfig config;
  parse_aide(text, config);
  return config;
}

TEST(Aide, AddsAndTakesAwayAttributes) {
  const auto config = parsed("Base = p+i+n\nAll = Base+sha512-n\n/usr/sbin All+s\n");
  EXPECT_THAT(watched_attributes(config, "/usr/sbin/auditd"), ElementsAre("i", "p", "s", "sha512"));
  EXPECT_THAT(watched_attributes(config, "/etc/passwd"), IsEmpty());
}

TEST(Aide, LetsTheLongestSelectionDecide) {
  const auto config = parsed(
      "/sbin p\n"
      "/sbin/auditctl p+sha512\n"
      "!/sbin/autrace$\n"
      "=/sbin/augenrules$ f p+i\n");
  EXPECT_THAT(watched_attributes(config, "/sbin/auditctl"), ElementsAre("p", "sha512"));
  EXPECT_THAT(watched_attributes(config, "/sbin/autrace"), IsEmpty());
  EXPECT_THAT(watched_attributes(config, "/sbin/augenrules"), ElementsAre("i", "p"));
  EXPECT_THAT(watched_attributes(config, "/sbin/init"), ElementsAre("p"));
}

TEST(Aide, KnowsMacrosAndBrokenExpressions) {
  const auto config = parsed("@@define TOOLS /usr/sbin\n@@{TOOLS}/auditd sha512\n/usr/(sbin p\n");
  EXPECT_THAT(watched_attributes(config, "/usr/sbin/auditd"), ElementsAre("sha512"));
}

TEST(Aide, ReadsItsFolderButNoPrograms) {
  MachineTree tree;
  tree.with("/usr/bin/aide")
      .with("/etc/aide/aide.conf", "OwnerMode = p+u+g\n@@x_include /etc/aide/aide.conf.d ^[a-zA-Z0-9_-]+$\n")
      .with("/etc/aide/aide.conf.d/10_tools", "/usr/sbin/auditd OwnerMode+sha512\n")
      .with("/etc/aide/aide.conf.d/20_program", "/usr/sbin/auditd p\n", 0755)
      .with("/etc/aide/aide.conf.d/30_old.dpkg", "/usr/sbin/auditd p\n");
  EXPECT_THAT(observe_aide(tree.unpacked(), asked("/sbin/auditd")).facts,
              ElementsAre(Fact{"/sbin/auditd", "g p sha512 u"}));
  EXPECT_THAT(observe_aide(tree.unpacked(), asked("/sbin/auditctl")).facts,
              ElementsAre(Fact{"/sbin/auditctl", "nothing"}));
}

TEST(Aide, IsNotThere) {
  MachineTree tree;
  tree.with("/etc/aide/aide.conf", "/sbin p\n");
  EXPECT_EQ(observe_aide(tree.unpacked(), asked("/sbin/auditd")).state, State::not_installed);
}

}  // namespace
}  // namespace cloister::audit::probes
