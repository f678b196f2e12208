#include <gmock/gmock.h>

#include "audit/probes/access/pam_stack.h"
#include "audit/probes/access/probes.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::MachineTree;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr const char* kAuth =
    "auth required pam_faillock.so preauth deny=4\n"
    "auth [success=1 default=ignore] pam_unix.so nullok\n"
    "auth [default=die] pam_faillock.so authfail\n"
    "auth requisite pam_deny.so\n";
constexpr const char* kPassword =
    "password requisite pam_pwquality.so retry=3 difok=1\n"
    "password [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt\n";

TEST(PamStack, ReadsControlsModulesAndArguments) {
  const auto entries = parse_pam(
      "# a comment\n"
      "-session optional /lib/x86_64-linux-gnu/security/pam_systemd.so  # as far as it is there\n"
      "auth [success=1 new_authtok_reqd=done \\\n default=ignore] pam_unix.so try_first_pass\n"
      "@include common-account\n"
      "account include other\n");
  ASSERT_THAT(entries, SizeIs(4));
  EXPECT_EQ(entries[0].line->text(), "session optional pam_systemd");
  EXPECT_EQ(entries[1].line->module, "pam_unix");
  EXPECT_EQ(entries[1].line->argument("try_first_pass"), "yes");
  EXPECT_EQ(entries[2].include->service, "common-account");
  EXPECT_EQ(entries[3].include->type, "account");
}

TEST(Pam, FollowsIncludesOfTheSameType) {
  MachineTree tree;
  tree.with("/etc/pam.d/su", "auth sufficient pam_rootok.so\nauth include other\n@include common-auth\n")
      .with("/etc/pam.d/other",
            "auth required pam_wheel.so use_uid group=nosu\naccount required pam_deny.so\n")
      .with("/etc/pam.d/common-auth", kAuth);
  EXPECT_THAT(
      observe_pam(tree.unpacked(),
                  {
                      .values = {                  },
                        .named = { {"service", {"su"}}, {"type", {"auth"}}}
  })
          .facts,
      ElementsAre(
          Fact{"su", "pam_rootok pam_wheel pam_faillock:preauth pam_unix pam_faillock:authfail pam_deny"}));
}

TEST(Pam, TellsAnArgumentOfEveryLineOfAModule) {
  MachineTree tree;
  tree.with("/etc/pam.d/common-auth", kAuth).with("/etc/pam.d/common-password", kPassword);
  const auto seen =
      observe_pam(tree.unpacked(), {
                                       .values = {                       },
                                       .named = { {"service", {"common-auth", "common-password"}},
                                                  {"module", {"pam_unix"}},
                                                  {"argument", {"nullok"}}}
  });
  EXPECT_THAT(seen.facts, ElementsAre(Fact{"common-auth:2", "yes"}, Fact{"common-password:2", "no"}));
}

TEST(Pam, EndsAStackThatIncludesItself) {
  MachineTree tree;
  tree.with("/etc/pam.d/su", "@include su\nauth required pam_wheel.so\n");
  const auto seen = observe_pam(tree.unpacked(),
                                {
                                    .values = {                         },
                                      .named = { {"service", {"su"}}, {"module", {"pam_wheel"}}}
  });
  EXPECT_EQ(seen.state, State::observed);
}

TEST(Faillock, HearsTheFileAndEachLineThatSaysOtherwise) {
  MachineTree tree;
  tree.with("/etc/pam.d/common-auth", kAuth)
      .with("/etc/security/faillock.conf", "# deny = 9\ndeny = 5 # five\neven_deny_root\n");
  const System system = tree.unpacked();
  EXPECT_THAT(observe_faillock(system, asked("deny")).facts,
              ElementsAre(Fact{"configured", "5"}, Fact{"common-auth:1", "4"}));
  EXPECT_THAT(observe_faillock(system, asked("even_deny_root")).facts,
              ElementsAre(Fact{"configured", "yes"}));
  EXPECT_THAT(observe_faillock(system, asked("unlock_time")).facts, ElementsAre(Fact{"configured", "600"}));
  EXPECT_EQ(observe_faillock(system, asked("root_unlock_time")).state, State::absent);
}

TEST(Faillock, DoesNothingOutsideOfTheStack) {
  MachineTree tree;
  tree.with("/etc/pam.d/common-auth", "auth required pam_unix.so\n")
      .with("/etc/security/faillock.conf", "deny = 5\n");
  EXPECT_EQ(observe_faillock(tree.unpacked(), asked("deny")).state, State::absent);
}

TEST(Pwquality, LetsTheMainFileWinOverTheFolder) {
  MachineTree tree;
  tree.with("/etc/pam.d/common-password", kPassword)
      .with("/etc/security/pwquality.conf.d/10-site.conf", "minlen = 20\nminclass=3\n")
      .with("/etc/security/pwquality.conf", "minlen = 14\n");
  const System system = tree.unpacked();
  EXPECT_THAT(observe_pwquality(system, asked("minlen")).facts, ElementsAre(Fact{"configured", "14"}));
  EXPECT_THAT(observe_pwquality(system, asked("difok")).facts,
              ElementsAre(Fact{"configured", "1"}, Fact{"common-password:1", "1"}));
  EXPECT_THAT(observe_pwquality(system, asked("required_classes")).facts,
              ElementsAre(Fact{"configured", "3"}));
}

TEST(Pwquality, CountsCreditsThatDemandAKindOfCharacter) {
  MachineTree tree;
  tree.with("/etc/pam.d/common-password", kPassword)
      .with("/etc/security/pwquality.conf", "dcredit = -1\nucredit = -1\nlcredit = -1\nocredit = -1\n");
  EXPECT_THAT(observe_pwquality(tree.unpacked(), asked("required_classes")).facts,
              ElementsAre(Fact{"configured", "4"}));
}

}  // namespace
}  // namespace cloister::audit::probes
