#include <gmock/gmock.h>

#include "audit/probes/kernel/probes.h"
#include "audit/probes/kernel/sysctl_files.h"
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

struct Spelling {
  const char* key;
  const char* path;
};
constexpr Spelling kSpellings[] = {
    {"net.ipv4.ip_forward",            "net/ipv4/ip_forward"           },
    {"net/ipv4/conf/eth0.1/rp_filter", "net/ipv4/conf/eth0.1/rp_filter"},
    {"net.ipv4.conf.eth0/1.rp_filter", "net/ipv4/conf/eth0.1/rp_filter"},
    {"vm",                             "vm"                            },
};
TEST(SysctlFiles, TakeBothWaysToWriteAKey) {
  for (const auto& [key, path] : kSpellings) EXPECT_EQ(sysctl_path(key), path);
}

struct Rule {
  const char* why;
  const char* text;
  const char* value;  // of net.ipv4.conf.all.rp_filter
};
constexpr Rule kRules[] = {
    {"the last one wins",                      "net.ipv4.conf.all.rp_filter=1\nnet.ipv4.conf.all.rp_filter = 2\n", "2"    },
    {"a pattern covers it",                    "net.ipv4.conf.*.rp_filter = 2\n",                                  "2"    },
    {"its name counts before a later pattern",
     "net.ipv4.conf.all.rp_filter = 1\nnet.ipv4.conf.*.rp_filter = 2\n",                                           "1"    },
    {"a minus excludes it from patterns",      "net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.all.rp_filter\n",
     "unset"                                                                                                              },
    {"a minus lets an error pass",             "-net.ipv4.conf.all.rp_filter = 1\n",                               "1"    },
    {"comments of both kinds",                 "#net.ipv4.conf.all.rp_filter=1\n;net.ipv4.conf.all.rp_filter=1\n", "unset"},
    {"a pattern does not cross a part",        "net.*.rp_filter = 1\n",                                            "unset"},
    {"nothing",                                "",                                                                 "unset"},
};
TEST(SysctlFiles, DecideAsSystemdSysctlDoes) {
  for (const auto& [why, text, value] : kRules)
    EXPECT_EQ(configured_value(parse_sysctl(text), "net/ipv4/conf/all/rp_filter").value_or("unset"), value)
        << why;
}

TEST(Sysctl, ReadsFoldersByNameAndHidesWhatHasTheSameNameBelow) {
  MachineTree tree;
  tree.with("/usr/lib/sysctl.d/50-default.conf", "kernel.sysrq = 438\nkernel.a = vendor\n")
      .with("/etc/sysctl.d/50-default.conf", "kernel.sysrq = 1\n")
      .with("/run/sysctl.d/60-run.conf", "kernel.b = run\n")
      .with("/etc/sysctl.d/10-early.conf", "kernel.b = early\n")
      .with("/etc/sysctl.conf", "kernel.c = 1\n")
      .with_link("/etc/sysctl.d/99-sysctl.conf", "../sysctl.conf");
  const auto configured = [&](const char* key) { return observe_sysctl(tree.unpacked(), asked(key)).facts; };
  EXPECT_THAT(configured("kernel.sysrq"), ElementsAre(Fact{"configured", "1"}));
  EXPECT_THAT(configured("kernel.a"), ElementsAre(Fact{"configured", "unset"}));
  EXPECT_THAT(configured("kernel.b"), ElementsAre(Fact{"configured", "run"}));
  EXPECT_THAT(configured("kernel.c"), ElementsAre(Fact{"configured", "1"}));
  EXPECT_EQ(observe_sysctl(tree.unpacked(), asked("kernel.c")).state, State::not_running);
}

TEST(Sysctl, LetsUfwHaveTheLastWordWhereItRuns) {
  MachineTree tree;
  tree.with("/etc/sysctl.d/a.conf", "net/ipv4/ip_forward=0\n")
      .with("/etc/default/ufw", "IPT_SYSCTL=/etc/ufw/sysctl.conf\n")
      .with("/etc/ufw/sysctl.conf", "net/ipv4/ip_forward=1\n")
      .with("/etc/ufw/ufw.conf", "ENABLED=no\n");
  EXPECT_THAT(observe_sysctl(tree.unpacked(), asked("net.ipv4.ip_forward")).facts,
              ElementsAre(Fact{"configured", "0"}));
  tree.with("/etc/ufw/ufw.conf", "ENABLED=yes\n");
  EXPECT_THAT(observe_sysctl(tree.unpacked(), asked("net.ipv4.ip_forward")).facts,
              ElementsAre(Fact{"configured", "1"}));
}

// The kernel sends redirects on an interface when either it or "all" says so: 0 for all is not enough.
TEST(Sysctl, TellsWhatEachInterfaceReallyDoes) {
  MachineTree tree;
  const std::string v4 = "/proc/sys/net/ipv4/conf/";
  for (const char* const name : {"all", "default", "lo", "eth0"})
    tree.with(v4 + name + "/send_redirects", "0\n");
  tree.with(v4 + "eth1/send_redirects", "1\n");
  EXPECT_THAT(observe_sysctl(tree.running(), asked("net.ipv4.conf.all.send_redirects")).facts,
              ElementsAre(Fact{"running", "0"}, Fact{"running eth0", "0"}, Fact{"running eth1", "1"},
                          Fact{"configured", "unset"}));
}

struct OnInterface {
  const char* family;
  const char* name;
  const char* all;
  const char* own;
  const char* effective;
};
constexpr OnInterface kOnInterfaces[] = {
    {"ipv4", "rp_filter",           "1", "0", "1"}, // the higher
    {"ipv4", "rp_filter",           "1", "2", "2"},
    {"ipv4", "accept_source_route", "0", "1", "0"}, // both
    {"ipv4", "log_martians",        "1", "0", "1"}, // either
    {"ipv4", "secure_redirects",    "0", "1", "1"},
    {"ipv6", "accept_ra",           "0", "1", "1"}, // its own
    {"ipv6", "accept_redirects",    "1", "0", "0"},
};
TEST(Sysctl, CombinesAsTheKernelDoes) {
  for (const auto& [family, name, all, own, effective] : kOnInterfaces) {
    SCOPED_TRACE(name);
    MachineTree tree;
    const std::string conf = std::string("/proc/sys/net/") + family + "/conf/";
    tree.with(conf + "all/" + name, all).with(conf + "eth0/" + name, own);
    const auto seen =
        observe_sysctl(tree.running(), asked(std::string("net.") + family + ".conf.all." + name));
    EXPECT_THAT(seen.facts, ::testing::Contains(Fact{"running eth0", effective}));
  }
}

TEST(Sysctl, IsAbsentWhereTheKernelDoesNotKnowItAndNothingSetsIt) {
  MachineTree tree;
  EXPECT_EQ(observe_sysctl(tree.running(), asked("net.ipv6.conf.all.accept_ra")).state, State::absent);
}

TEST(Sysctl, IsUnsetWhereTheKernelDoesNotKnowWhatIsConfigured) {
  MachineTree tree;
  tree.with("/etc/sysctl.d/a.conf", "kernel.yama.ptrace_scope = 2\nnet.ipv6.conf.all.accept_ra = 0\n");
  EXPECT_THAT(observe_sysctl(tree.running(), asked("kernel.yama.ptrace_scope")).facts,
              ElementsAre(Fact{"running", "unset"}, Fact{"configured", "2"}));
  // A family that the kernel does not speak needs no setting.
  EXPECT_THAT(observe_sysctl(tree.running(), asked("net.ipv6.conf.all.accept_ra")).facts,
              ElementsAre(Fact{"configured", "0"}));
}

TEST(Sysctl, LeavesAContainersKernelToTheMachineAroundIt) {
  MachineTree tree;
  tree.with("/etc/sysctl.d/a.conf", "kernel.randomize_va_space = 2\nnet.ipv4.ip_forward = 0\n")
      .with("/run/systemd/container", "systemd-nspawn\n")
      .with("/proc/sys/kernel/randomize_va_space", "1\n")
      .with("/proc/sys/net/ipv4/ip_forward", "1\n");
  EXPECT_THAT(observe_sysctl(tree.running(), asked("kernel.randomize_va_space")).facts,
              ElementsAre(Fact{"configured", "2"}));
  EXPECT_THAT(observe_sysctl(tree.running(), asked("net.ipv4.ip_forward")).facts,
              ElementsAre(Fact{"running", "1"}, Fact{"configured", "0"}));
}

}  // namespace
}  // namespace cloister::audit::probes
