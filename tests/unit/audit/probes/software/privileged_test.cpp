#include <gmock/gmock.h>

#include "audit/probes/software/probes.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using support::asked;
using support::MachineTree;
using ::testing::ElementsAre;

TEST(Privileged, KnowsProgramsByTheirPackageAndSum) {
  MachineTree tree;
  tree.with("/usr/bin/su", "program", 04755)
      .with("/usr/bin/passwd", "another program", 04755)
      .with("/usr/bin/mount", "a third one", 04755)
      .with("/usr/local/bin/door", "made by hand", 04755)
      // before /bin moved below /usr
      .with("/var/lib/dpkg/info/util-linux.list", "/.\n/bin/su\n")
      .with("/var/lib/dpkg/info/util-linux.md5sums", "a9c449d4fa44e9e5a41c574ae55ce4d9  bin/su\n")
      .with("/var/lib/dpkg/info/passwd:amd64.list", "/usr/bin/passwd\n")
      .with("/var/lib/dpkg/info/passwd:amd64.md5sums", "00000000000000000000000000000000  usr/bin/passwd\n")
      .with("/var/lib/dpkg/info/mount.list", "/usr/bin/mount\n");
  EXPECT_THAT(observe_privileged(tree.unpacked(), asked("programs")).facts,
              ElementsAre(Fact{"/usr/bin/mount", "package mount without sum"},
                          Fact{"/usr/bin/passwd", "package passwd changed"},
                          Fact{"/usr/bin/su", "package util-linux unchanged"},
                          Fact{"/usr/local/bin/door", "no package"}));
}

}  // namespace
}  // namespace cloister::audit::probes
