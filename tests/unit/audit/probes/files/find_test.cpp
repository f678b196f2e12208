#include <gmock/gmock.h>

#include "audit/probes/files/file_walk.h"
#include "audit/probes/files/probes.h"
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

MachineTree& with_owner(MachineTree& tree) {
  return tree.with("/etc/passwd", "me:x:" + std::to_string(geteuid()) + ":0::/:/bin/sh\n")
      .with("/etc/group", "ours:x:" + std::to_string(getegid()) + ":\n");
}

TEST(Find, SeesWhatEverybodyMayWrite) {
  MachineTree tree;
  with_owner(tree)
      .with("/srv/open", "", 0666)
      .with("/srv/closed", "", 0664)
      .with_folder("/srv/heap", 0777)
      .with_folder("/tmp", 01777)
      .with_link("/srv/link", "/srv/closed")
      .with("/proc/open", "", 0666);
  const System system = tree.unpacked();
  EXPECT_THAT(observe_find(system, asked("open_files")).facts,
              ElementsAre(Fact{"/srv/open", "0666 me ours"}));
  EXPECT_THAT(observe_find(system, asked("open_folders")).facts,
              ElementsAre(Fact{"/srv/heap", "0777 me ours"}));
  EXPECT_THAT(observe_find(system, asked("unowned")).facts, IsEmpty());
}

TEST(Find, SeesWhatBelongsToNobody) {
  MachineTree tree;
  tree.with("/etc/passwd", "other:x:4321:0::/:/bin/sh\n").with("/etc/group", "").with("/srv/orphan");
  const auto facts = observe_find(tree.unpacked(), asked("unowned")).facts;
  EXPECT_THAT(facts, SizeIs(5));  // with the two files and the two folders above
}

TEST(Find, KeepsProgramsThatGainRights) {
  MachineTree tree;
  with_owner(tree)
      .with("/usr/bin/su", "", 04755)
      .with("/usr/bin/wall", "", 02755)
      .with("/usr/bin/true", "", 0755);
  EXPECT_THAT(walk_files(tree.unpacked()).privileged, SizeIs(2));
}

TEST(Access, IsModeOwnerAndGroupOfEveryFileThatFits) {
  MachineTree tree;
  with_owner(tree).with("/etc/one.conf", "", 0600).with("/etc/two.conf", "", 0644);
  const System system = tree.unpacked();
  EXPECT_THAT(observe_access(system, asked("/etc/*.conf")).facts,
              ElementsAre(Fact{"/etc/one.conf", "0600 me ours"}, Fact{"/etc/two.conf", "0644 me ours"}));
  EXPECT_EQ(observe_access(system, asked("/etc/three.conf")).state, State::absent);
}

}  // namespace
}  // namespace cloister::audit::probes
