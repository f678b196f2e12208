#include <gmock/gmock.h>

#include "audit/probes/software/probes.h"
#include "audit/probes/software/unit_files.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::asked_with;
using support::MachineTree;
using ::testing::ElementsAre;

constexpr const char* kService =
    "[Unit]\nDescription=x\n[Service]\nExecStart=/bin/x\n[Install]\nWantedBy=multi-user.target\n";

std::vector<Fact> unit(const MachineTree& tree, const char* name) {
  return observe_unit(tree.running(), asked(name)).facts;
}

TEST(Unit, IsDisabledUntilSomethingWantsIt) {
  MachineTree tree;
  tree.with("/usr/lib/systemd/system/x.service", kService);
  EXPECT_THAT(unit(tree, "x.service"), ElementsAre(Fact{"active", "inactive"}, Fact{"enabled", "disabled"}));
  tree.with_link("/etc/systemd/system/multi-user.target.wants/x.service",
                 "/usr/lib/systemd/system/x.service");
  EXPECT_THAT(unit(tree, "x.service"), ElementsAre(Fact{"active", "inactive"}, Fact{"enabled", "enabled"}));
  tree.with_link("/run/systemd/units/invocation:x.service", "0123456789abcdef");
  EXPECT_THAT(unit(tree, "x.service"), ElementsAre(Fact{"active", "active"}, Fact{"enabled", "enabled"}));
}

TEST(Unit, RunsWhenItsControlGroupHasProcesses) {
  MachineTree tree;
  tree.with("/usr/lib/systemd/system/x.service", kService)
      .with("/sys/fs/cgroup/system.slice/x.service/cgroup.procs", "7\n");
  EXPECT_EQ(unit(tree, "x.service").front(), (Fact{"active", "active"}));
}

TEST(Unit, IsMaskedByALinkToNothing) {
  MachineTree tree;
  tree.with("/usr/lib/systemd/system/x.service", kService)
      .with_link("/etc/systemd/system/x.service", "/dev/null");
  EXPECT_EQ(unit(tree, "x.service").back(), (Fact{"enabled", "masked"}));
  MachineTree empty;
  empty.with("/usr/lib/systemd/system/x.service", kService).with("/etc/systemd/system/x.service", "");
  EXPECT_EQ(unit(empty, "x.service").back(), (Fact{"enabled", "masked"}));
}

TEST(Unit, IsStaticWithoutAnInstallSection) {
  MachineTree tree;
  tree.with("/usr/lib/systemd/system/x.service", "[Service]\nExecStart=/bin/x\n");
  EXPECT_EQ(unit(tree, "x.service").back(), (Fact{"enabled", "static"}));
}

TEST(Unit, IsFoundByItsOtherName) {
  MachineTree tree;
  tree.with("/usr/lib/systemd/system/ssh.service", kService)
      .with_link("/etc/systemd/system/sshd.service", "/usr/lib/systemd/system/ssh.service")
      .with_link("/run/systemd/units/invocation:ssh.service", "0123");
  EXPECT_THAT(unit(tree, "sshd.service"), ElementsAre(Fact{"active", "active"}, Fact{"enabled", "enabled"}));
}

TEST(Unit, KnowsOldStartScripts) {
  MachineTree tree;
  tree.with("/etc/init.d/exim4", "#!/bin/sh\n").with_link("/etc/rc3.d/S01exim4", "../init.d/exim4");
  EXPECT_EQ(observe_unit(tree.unpacked(), asked("exim4.service")).facts.back(), (Fact{"enabled", "enabled"}));
  EXPECT_EQ(observe_unit(tree.unpacked(), asked("none.service")).state, State::absent);
}

TEST(Unit, NamesEachOfSeveralAndNeedsARunningSystemForMoreThanFiles) {
  MachineTree tree;
  tree.with("/usr/lib/systemd/system/a.service", kService)
      .with("/usr/lib/systemd/system/b.timer", "[Timer]\n[Install]\nWantedBy=timers.target\n");
  const auto arguments = asked_with({
      {"units", {"a.service", "b.timer", "c.service"}}
  });
  EXPECT_THAT(observe_unit(tree.running(), arguments).facts,
              ElementsAre(Fact{"a.service active", "inactive"}, Fact{"a.service enabled", "disabled"},
                          Fact{"b.timer enabled", "disabled"}));
  const auto unpacked = observe_unit(tree.unpacked(), arguments);
  EXPECT_EQ(unpacked.state, State::not_running);
  EXPECT_THAT(unpacked.facts,
              ElementsAre(Fact{"a.service enabled", "disabled"}, Fact{"b.timer enabled", "disabled"}));
}

TEST(Unit, TellsASocketByWhoListens) {
  MachineTree tree;
  tree.with("/usr/lib/systemd/system/cups.socket", "[Socket]\nListenStream=/run/cups/cups.sock\n")
      .with("/usr/lib/systemd/system/imap.socket", "[Socket]\nListenStream=0.0.0.0:143\n")
      .with("/proc/net/unix",
            "Num RefCount Path\n0000: 00000002 00000000 00010000 0001 01 7 /run/other.sock\n")
      .with("/proc/net/tcp", "  sl local\n   0: 00000000:008F 00000000:0000 0A 0 0 0 0 0 0 1\n");
  EXPECT_EQ(unit(tree, "cups.socket").front(), (Fact{"active", "inactive"}));
  EXPECT_EQ(unit(tree, "imap.socket").front(), (Fact{"active", "active"}));
}

TEST(UnitFiles, ReadSectionsAndLongLines) {
  const auto lines = parse_unit(
      "# c\n[Service]\nExecStart=/bin/x \\\n  --flag\n;c\nNoNewPrivileges = "
      "yes\n[Install]\nWantedBy=a\nbroken\n");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].value, "/bin/x  --flag");
  EXPECT_EQ(lines[1].key, "NoNewPrivileges");
  EXPECT_EQ(lines[2].section, "Install");
}

TEST(UnitSetting, CountsDropInsOfTheTypeOfPrefixesAndOfTheUnit) {
  MachineTree tree;
  tree.with("/usr/lib/systemd/system/cloister-gate.service", "[Service]\nUMask=0022\nReadWritePaths=/a\n")
      .with("/etc/systemd/system/service.d/10-all.conf", "[Service]\nUMask=0027\n")
      .with("/etc/systemd/system/cloister-.service.d/a.conf", "[Service]\nReadWritePaths=/b\n")
      .with("/etc/systemd/system/cloister-gate.service.d/b.conf", "[Service]\nUMask=0077\n");
  const auto setting = [&](const char* key, const char* list) {
    return observe_unit_setting(tree.unpacked(),
                                asked_with({
                                    {"unit", {"cloister-gate.service"}},
                                    {"key",  {key}                    },
                                    {"list", {list}                   }
    }));
  };
  EXPECT_THAT(setting("UMask", "no").facts, ElementsAre(Fact{"configured", "0077"}));
  EXPECT_THAT(setting("ReadWritePaths", "yes").facts,
              ElementsAre(Fact{"configured", "/a"}, Fact{"configured", "/b"}));
  EXPECT_EQ(setting("User", "no").state, State::absent);
}

}  // namespace
}  // namespace cloister::audit::probes
