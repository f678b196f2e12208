#include <gmock/gmock.h>

#include "audit/probes/kernel/modprobe_files.h"
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

struct Denial {
  const char* why;
  const char* rules;
  const char* loadable;
};
constexpr Denial kDenials[] = {
    {"both lines",              "install usb-storage /bin/false\nblacklist usb-storage\n",       "no"             },
    {"underscores mean dashes", "install usb_storage /usr/bin/true\nblacklist usb_storage\n",    "no"             },
    {"only install",            "install usb-storage /bin/false\n",                              "not blacklisted"},
    {"only blacklist",          "blacklist usb-storage\n",                                       "by its name"    },
    {"another program",         "install usb-storage /sbin/modprobe x\nblacklist usb-storage\n", "by its name"    },
    {"a comment",               "#install usb-storage /bin/false\n#blacklist usb-storage\n",     "yes"            },
};
TEST(Module, IsNotLoadableOnlyWithBothLines) {
  for (const auto& [why, rules, loadable] : kDenials) {
    SCOPED_TRACE(why);
    MachineTree tree;
    tree.with("/lib/modules/6.1.0-40-amd64/modules.dep", "kernel/drivers/usb/storage/usb-storage.ko: x\n")
        .with("/etc/modprobe.d/deny.conf", rules);
    const auto seen = observe_module(tree.unpacked(), asked("usb-storage"));
    EXPECT_EQ(seen.state, State::not_running);
    EXPECT_THAT(seen.facts, ElementsAre(Fact{"loadable", loadable}));
  }
}

TEST(Module, IsNotLoadableWhereNoKernelHasIt) {
  MachineTree tree;
  tree.with("/lib/modules/6.1.0-40-amd64/modules.dep", "kernel/fs/udf/udf.ko.xz:\n");
  EXPECT_THAT(observe_module(tree.unpacked(), asked("cramfs")).facts, ElementsAre(Fact{"loadable", "no"}));
  EXPECT_THAT(observe_module(tree.unpacked(), asked("udf")).facts, ElementsAre(Fact{"loadable", "yes"}));
}

TEST(Module, IsJudgedByTheRulesWhereThereIsNoKernel) {
  MachineTree tree;
  EXPECT_THAT(observe_module(tree.unpacked(), asked("cramfs")).facts, ElementsAre(Fact{"loadable", "yes"}));
}

TEST(Module, IsLoadedOrPartOfTheKernel) {
  MachineTree tree;
  tree.with("/lib/modules/6.1/modules.dep", "")
      .with("/lib/modules/6.1/modules.builtin", "kernel/fs/hfs/hfs.ko\n");
  tree.with("/proc/modules", "cramfs 45056 0 - Live 0x0000000000000000\n")
      .with("/proc/filesystems", "nodev\ttmpfs\n\tsquashfs\n");
  const auto loaded = [&](const char* name) {
    return observe_module(tree.running(), asked(name)).facts.front();
  };
  EXPECT_EQ(loaded("cramfs"), (Fact{"loaded", "yes"}));
  EXPECT_EQ(loaded("squashfs"), (Fact{"loaded", "builtin"}));
  EXPECT_EQ(loaded("hfs"), (Fact{"loaded", "builtin"}));
  EXPECT_EQ(loaded("udf"), (Fact{"loaded", "no"}));
}

TEST(Module, LeavesAContainersKernelToTheMachineAroundIt) {
  MachineTree tree;
  tree.with("/proc/filesystems", "\tsquashfs\n").with("/run/systemd/container", "systemd-nspawn\n");
  const auto seen = observe_module(tree.running(), asked("squashfs"));
  EXPECT_THAT(seen.facts, ElementsAre(Fact{"loadable", "yes"}));
  EXPECT_NE(seen.note, "");
}

TEST(FilesystemModules, ListsThoseThatCouldBeLoaded) {
  MachineTree tree;
  tree.with("/lib/modules/6.1/modules.dep",
            "kernel/fs/udf/udf.ko:\nkernel/fs/afs/kafs.ko:\nkernel/net/dccp/dccp.ko:\n")
      .with("/etc/modprobe.d/deny.conf", "install udf /bin/false\nblacklist udf\n");
  EXPECT_THAT(observe_filesystem_modules(tree.unpacked(), asked("loadable")).facts,
              ElementsAre(Fact{"loadable", "kafs"}));
  EXPECT_EQ(observe_filesystem_modules(tree.unpacked(), asked("in_use")).state, State::not_running);
}

TEST(KernelCmdline, ComparesWhatRunsWithEveryEntryOfTheMenu) {
  MachineTree tree;
  tree.with("/proc/cmdline", "root=/dev/vda ro apparmor=1\n")
      .with("/boot/grub/grub.cfg",
            "menuentry 'Debian' {\n  linux /vmlinuz root=/dev/vda ro  apparmor=1 security=apparmor\n}\n"
            "  linuxefi /vmlinuz single\n");
  EXPECT_THAT(observe_kernel_cmdline(tree.running(), asked("all")).facts,
              ElementsAre(Fact{"running", "root=/dev/vda ro apparmor=1"},
                          Fact{"/boot/grub/grub.cfg:2", "root=/dev/vda ro apparmor=1 security=apparmor"},
                          Fact{"/boot/grub/grub.cfg:4", "single"}));
  EXPECT_THAT(observe_kernel_cmdline(tree.running(), asked("apparmor=")).facts.front(),
              (Fact{"running", "apparmor=1"}));
}

TEST(KernelCmdline, SaysWhenNoBootLoaderIsSetUp) {
  MachineTree tree;
  const auto seen = observe_kernel_cmdline(tree.unpacked(), asked("all"));
  EXPECT_EQ(seen.state, State::not_running);
  EXPECT_THAT(seen.facts, ElementsAre(Fact{"configured", "no boot loader configuration"}));
}

TEST(Processes, AreNamedWithTheirUser) {
  MachineTree tree;
  tree.with("/etc/passwd", "someone:x:" + std::to_string(geteuid()) + ":0::/:\n")
      .with("/proc/812/comm", "chronyd\n")
      .with("/proc/9/comm", "sshd\n")
      .with("/proc/self-is-no-number", "");
  EXPECT_THAT(observe_processes(tree.running(), asked("chronyd")).facts, ElementsAre(Fact{"812", "someone"}));
  EXPECT_EQ(observe_processes(tree.running(), asked("ntpd")).state, State::absent);
}

}  // namespace
}  // namespace cloister::audit::probes
