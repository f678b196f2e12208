#include <gmock/gmock.h>

#include "audit/probes/software/deb_version.h"
#include "audit/probes/software/dpkg_status.h"
#include "audit/probes/software/probes.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::MachineTree;
using ::testing::ElementsAre;

constexpr const char* kStatus =
    "Package: nftables\nStatus: install ok installed\nVersion: 1.0.6-2\n\n"
    "Package: telnet\nStatus: deinstall ok config-files\nVersion: 0.17\n\n"
    "Package: half\nStatus: install ok half-configured\nVersion: 2\n\n"
    "Package: held\nStatus: hold ok installed\nVersion: 3\n";

TEST(Package, IsThereWhenItsFilesAre) {
  MachineTree tree;
  tree.with("/var/lib/dpkg/status", kStatus);
  const auto look = [&](const char* name) { return observe_package(tree.unpacked(), asked(name)); };
  EXPECT_THAT(look("nftables").facts, ElementsAre(Fact{"nftables", "1.0.6-2"}));
  EXPECT_THAT(look("held").facts, ElementsAre(Fact{"held", "3"}));
  EXPECT_THAT(look("half").facts, ElementsAre(Fact{"half", "2"}));
  EXPECT_EQ(look("telnet").state, State::not_installed);
  EXPECT_EQ(look("ufw").state, State::not_installed);
}

TEST(Package, IsNotGuessedWithoutDpkgsList) {
  MachineTree tree;
  EXPECT_EQ(observe_package(tree.unpacked(), asked("ufw")).state, State::absent);
}

struct Order {
  const char* less;
  const char* more;
};
constexpr Order kOrders[] = {
    {"1.0",              "1.1"             },
    {"1.9",              "1.10"            },
    {"1.0~rc1",          "1.0"             },
    {"1.0",              "1.0a"            },
    {"1.0a",             "1.0+b"           },
    {"9.9",              "1:0.1"           },
    {"3.0.15-1~deb12u1", "3.0.17-1~deb12u2"},
    {"1.0-1",            "1.0-1+b1"        },
    {"1.0-1~bpo12+1",    "1.0-1"           },
    {"1.2-3",            "1.2-10"          },
    {"1.0",              "1.0-1"           },
};
TEST(DebVersion, OrdersAsDpkgDoes) {
  for (const auto& [less, more] : kOrders) {
    EXPECT_TRUE(compare_versions(less, more) < 0) << less << " " << more;
    EXPECT_TRUE(compare_versions(more, less) > 0) << more << " " << less;
  }
  EXPECT_TRUE(compare_versions("1.00", "1.0") == 0);
  EXPECT_TRUE(compare_versions("0:1.0", "1.0") == 0);
}

}  // namespace
}  // namespace cloister::audit::probes
