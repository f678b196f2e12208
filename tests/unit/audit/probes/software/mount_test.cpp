#include <gmock/gmock.h>

#include "audit/probes/software/mount_table.h"
#include "audit/probes/software/probes.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::asked_with;
using support::MachineTree;
using ::testing::ElementsAre;

constexpr const char* kTable =
    "20 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard\n"
    "21 20 0:21 / /tmp rw,nosuid,nodev shared:2 - tmpfs tmpfs rw,size=1g\n"
    "22 20 0:22 / /mnt/a\\040b rw,noexec - tmpfs tmpfs rw\n"
    "23 20 0:23 / /tmp rw - tmpfs tmpfs rw\n"
    "broken line\n";

TEST(MountTable, TakesTheMountOnTopAndReadsEscapes) {
  const auto mounts = parse_mountinfo(kTable);
  ASSERT_EQ(mounts.size(), 3U);
  EXPECT_EQ(find_mount(mounts, "/tmp")->options, "rw,rw");
  EXPECT_EQ(find_mount(mounts, "/mnt/a b")->options, "rw,noexec,rw");
  EXPECT_EQ(find_mount(mounts, "/var"), nullptr);
}

TEST(MountTable, ReadsFstab) {
  const auto mounts = parse_fstab(
      "# c\nUUID=1 / ext4 errors=remount-ro 0 1\nUUID=2 none swap sw 0 0\nUUID=3 /home\text4 nodev 0 2\nbad "
      "/x\n");
  ASSERT_EQ(mounts.size(), 2U);
  EXPECT_EQ(find_mount(mounts, "/home")->options, "nodev");
}

TEST(MountTable, NamesUnitsAsSystemdDoes) {
  EXPECT_EQ(mount_unit_name("/"), "-.mount");
  EXPECT_EQ(mount_unit_name("/var/log/audit"), "var-log-audit.mount");
  EXPECT_EQ(mount_unit_name("/srv/a-b/"), "srv-a\\x2db.mount");
}

TEST(Mount, ComparesWhatRunsWithWhatComesAtTheNextStart) {
  MachineTree tree;
  tree.with("/proc/self/mountinfo", "21 20 0:21 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw\n")
      .with("/etc/fstab", "tmpfs /tmp tmpfs nosuid 0 0\n");
  EXPECT_THAT(observe_mount(tree.running(), asked("/tmp")).facts,
              ElementsAre(Fact{"running", "rw,nosuid,nodev,rw"}, Fact{"configured", "nosuid"}));
  EXPECT_EQ(observe_mount(tree.running(), asked("/home")).state, State::absent);
  EXPECT_THAT(observe_mount(tree.running(), asked_with({
                                                {"path",  {"/home"}  },
                                                {"field", {"mounted"}}
  }))
                  .facts,
              ElementsAre(Fact{"running", "no"}, Fact{"configured", "no"}));
}

TEST(Mount, CountsUnitsOnlyWhenTheyAreStarted) {
  MachineTree tree;
  tree.with("/etc/systemd/system/tmp.mount",
            "[Mount]\nWhere=/tmp\nOptions=mode=1777,nodev\n[Install]\nWantedBy=local-fs.target\n");
  EXPECT_FALSE(configured_mount(tree.unpacked(), "/tmp"));
  tree.with_link("/etc/systemd/system/local-fs.target.wants/tmp.mount", "/etc/systemd/system/tmp.mount");
  ASSERT_TRUE(configured_mount(tree.unpacked(), "/tmp"));
  EXPECT_EQ(configured_mount(tree.unpacked(), "/tmp")->options, "mode=1777,nodev");
}

TEST(Mount, IsNotConfiguredWhenItsUnitIsMasked) {
  MachineTree tree;
  tree.with("/etc/fstab", "tmpfs /tmp tmpfs nodev 0 0\n")
      .with_link("/etc/systemd/system/tmp.mount", "/dev/null");
  EXPECT_FALSE(configured_mount(tree.unpacked(), "/tmp"));
}

TEST(Mount, KnowsWhatSystemdMountsByItself) {
  MachineTree tree;
  const auto seen = observe_mount(tree.unpacked(), asked("/dev/shm"));
  EXPECT_EQ(seen.state, State::not_running);
  EXPECT_THAT(seen.facts, ElementsAre(Fact{"configured", "rw,nosuid,nodev,strictatime"}));
}

}  // namespace
}  // namespace cloister::audit::probes
