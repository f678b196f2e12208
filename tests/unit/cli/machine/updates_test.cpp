#include "cli/machine/updates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cloister::cli::machine {
namespace {

// As apt-get of Debian 12 prints it.
constexpr std::string_view kSimulation = R"(NOTE: This is only a simulation!
      apt-get needs root privileges for real execution.
Reading package lists...
The following NEW packages will be installed:
  linux-image-6.1.0-30-amd64
The following packages will be upgraded:
  libssl3 tzdata
Inst libssl3 [3.0.14-1~deb12u2] (3.0.15-1~deb12u1 Debian-Security:12/stable-security [amd64])
Inst linux-image-6.1.0-30-amd64 (6.1.124-1 Debian-Security:12/stable-security [amd64])
Inst tzdata [2024a-0+deb12u1] (2024b-0+deb12u1 Debian:12.8/stable, Debian:12-updates/stable-updates [all])
Conf libssl3 (3.0.15-1~deb12u1 Debian-Security:12/stable-security [amd64])
Conf tzdata (2024b-0+deb12u1 Debian:12.8/stable [all])
)";

TEST(Updates, CountWhatWouldBeUpgraded) {
  const Updates updates = parse_updates(kSimulation);
  EXPECT_THAT(updates.packages, testing::ElementsAre("libssl3", "tzdata"));
  EXPECT_EQ(updates.security, 1U);
}

TEST(Updates, NoneIsNone) {
  EXPECT_TRUE(parse_updates("0 upgraded, 0 newly installed.\n").packages.empty());
  EXPECT_TRUE(parse_updates("Inst\nInst \nInst x").packages.empty());
}

}  // namespace
}  // namespace cloister::cli::machine
