#include <gmock/gmock.h>

#include "audit/probes/kernel/apparmor_files.h"
#include "audit/probes/kernel/probes.h"
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

TEST(AppArmorFiles, ReadTheKernelsList) {
  EXPECT_THAT(
      parse_profiles(
          "lsb_release (enforce)\nnvidia_modprobe//kmod (complain)\nbroken\n/usr/sbin/x (y) (kill)\n"),
      ElementsAre(Fact{"/usr/sbin/x (y)", "kill"}, Fact{"lsb_release", "enforce"},
                  Fact{"nvidia_modprobe//kmod", "complain"}));
}

struct Declared {
  const char* text;
  const char* name;
  const char* attachment;
  const char* mode;
};
constexpr Declared kDeclared[] = {
    {"profile cloister-gate /usr/sbin/cloister-gate {\n}",                    "cloister-gate", "/usr/sbin/cloister-gate",
     "enforce"                                                                                                                      },
    {"/usr/bin/man flags=(complain) {\n}",                                    "/usr/bin/man",  "/usr/bin/man",            "complain"},
    {"profile lsb_release {\n}",                                              "lsb_release",   "",                        "enforce" },
    {"profile x /usr/{,s}bin/x flags=(attach_disconnected, unconfined) {\n}", "x",             "/usr/{,s}bin/x",
     "unconfined"                                                                                                                   },
    {"@{bin}/y flags=(kill) { # why\n}",                                      "@{bin}/y",      "@{bin}/y",                "kill"    },
};
TEST(AppArmorFiles, ReadDeclarations) {
  for (const auto& [text, name, attachment, mode] : kDeclared) {
    SCOPED_TRACE(text);
    const auto profiles = parse_profile_file(text);
    ASSERT_EQ(profiles.size(), 1U);
    EXPECT_EQ(profiles[0].name, name);
    EXPECT_EQ(profiles[0].attachment, attachment);
    EXPECT_EQ(profiles[0].mode, mode);
  }
}

TEST(AppArmorFiles, TakesRulesInsideForRules) {
  EXPECT_EQ(parse_profile_file("profile a /bin/a {\n  /etc/x r,\n  profile child {\n  }\n  /lib/** mr,\n}\n")
                .size(),
            1U);
  EXPECT_THAT(parse_profile_file("# profile a {\ninclude <tunables/global>\n"), IsEmpty());
}

TEST(AppArmorFiles, MatchProgramsAsAppArmorDoes) {
  EXPECT_TRUE(attaches("/usr/{,s}bin/x", "/usr/sbin/x"));
  EXPECT_TRUE(attaches("/usr/lib/*/x", "/usr/lib/a/x"));
  EXPECT_FALSE(attaches("/usr/lib/*/x", "/usr/lib/a/b/x"));
  EXPECT_TRUE(attaches("/usr/lib/**x", "/usr/lib/a/b/x"));
  EXPECT_FALSE(attaches("/usr/bin/x", "/usr/bin/xy"));
  EXPECT_FALSE(attaches("/usr/bin/x.y", "/usr/bin/xzy"));
  EXPECT_FALSE(attaches("", "/usr/bin/x"));
  EXPECT_FALSE(attaches("/usr/bin/{x", "/usr/bin/x"));
}

TEST(AppArmor, TellsDisabledAndComplainingFiles) {
  MachineTree tree;
  tree.with("/etc/apparmor.d/a", "profile a /bin/a {\n}\n")
      .with("/etc/apparmor.d/b", "profile b /bin/b {\n}\n")
      .with("/etc/apparmor.d/c", "profile c /bin/c {\n}\n")
      .with("/etc/apparmor.d/tunables/home", "@{HOME}=/home\n")
      .with_link("/etc/apparmor.d/disable/b", "/etc/apparmor.d/b")
      .with_link("/etc/apparmor.d/force-complain/c", "/etc/apparmor.d/c");
  EXPECT_THAT(observe_apparmor(tree.unpacked(), asked("configured")).facts,
              ElementsAre(Fact{"/etc/apparmor.d/a", "enforce"}, Fact{"/etc/apparmor.d/b", "disabled"},
                          Fact{"/etc/apparmor.d/c", "complain"}));
}

TEST(AppArmor, FindsWhoRunsWithoutItsProfile) {
  MachineTree tree;
  tree.with("/etc/apparmor.d/gate", "profile gate /usr/sbin/gate {\n}\n")
      .with("/proc/7/comm", "gate\n")
      .with_link("/proc/7/exe", "/usr/sbin/gate")
      .with("/proc/7/attr/current", "unconfined\n")
      .with("/proc/8/comm", "gate\n")
      .with_link("/proc/8/exe", "/usr/sbin/gate")
      .with("/proc/8/attr/current", "gate (enforce)\n")
      .with("/proc/9/comm", "sh\n")
      .with_link("/proc/9/exe", "/bin/dash")
      .with("/proc/9/attr/current", "unconfined\n");
  EXPECT_THAT(observe_apparmor(tree.running(), asked("unconfined_processes")).facts,
              ElementsAre(Fact{"7", "/usr/sbin/gate"}));
  EXPECT_EQ(observe_apparmor(tree.unpacked(), asked("unconfined_processes")).state, State::not_running);
}

TEST(AppArmor, IsAbsentInAKernelWithout) {
  MachineTree tree;
  EXPECT_EQ(observe_apparmor(tree.running(), asked("kernel")).state, State::absent);
  EXPECT_EQ(observe_apparmor(tree.running(), asked("profiles")).state, State::absent);
  EXPECT_EQ(observe_apparmor(tree.running(), asked("nonsense")).state, State::unreadable);
}

}  // namespace
}  // namespace cloister::audit::probes
