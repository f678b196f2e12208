#include <gmock/gmock.h>

#include "audit/probes/software/apt_config.h"
#include "audit/probes/software/apt_sources.h"
#include "audit/probes/software/openpgp.h"
#include "audit/probes/software/probes.h"
#include "support/hex.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::asked_with;
using support::MachineTree;
using ::testing::ElementsAre;

struct SourceLine {
  const char* line;
  const char* text;  // "" when it is no source of packages
};
constexpr SourceLine kSourceLines[] = {
    {"deb http://deb.debian.org/debian bookworm main contrib",
     "http://deb.debian.org/debian bookworm main contrib"                                              },
    {"deb [arch=amd64 signed-by=/k.gpg] https://d.org/x ./",   "https://d.org/x ./"                    },
    {"deb [trusted=yes] file:/pool ./ # why",                  "file:/pool ./ [trusted=yes]"           },
    {"deb [ allow-insecure=yes ] http://d.org/ a b",           "http://d.org/ a b [allow-insecure=yes]"},
    {"deb [trusted=no] http://d.org/ a b",                     "http://d.org/ a b"                     },
    {"deb-src http://d.org/ a b",                              ""                                      },
    {"# deb http://d.org/ a b",                                ""                                      },
    {"deb http://d.org/",                                      ""                                      },
    {"deb [unclosed",                                          ""                                      },
};
TEST(AptSources, ReadTheOneLineForm) {
  for (const auto& [line, text] : kSourceLines) {
    const auto sources = parse_source_list("/f", line);
    EXPECT_EQ(sources.empty() ? "" : text_of(sources.front()), text) << line;
  }
}

TEST(AptSources, ReadTheLongForm) {
  const auto sources =
      parse_sources("/f",
                    "Types: deb deb-src\nURIs: http://a.org/d http://b.org/d\nSuites: x x-updates\n"
                    "Components: main\nSigned-By: /k.gpg\n\n"
                    "Enabled: no\nTypes: deb\nURIs: http://off.org/\nSuites: x\n\n"
                    "Types: deb\nURIs: http://c.org/\nSuites: y\nTrusted: yes\nSigned-By:\n -----BEGIN\n");
  ASSERT_EQ(sources.size(), 5U);
  EXPECT_EQ(text_of(sources[0]), "http://a.org/d x main");
  EXPECT_EQ(text_of(sources[3]), "http://b.org/d x-updates main");
  EXPECT_EQ(sources[3].signed_by, "/k.gpg");
  EXPECT_EQ(text_of(sources[4]), "http://c.org/ y [trusted=yes]");
  EXPECT_EQ(sources[4].signed_by, "a key inside of the file");
}

TEST(AptConfig, ReadsScopesCommentsAndTheLastValue) {
  AptConfig config;
  parse_apt_config(
      "APT::Periodic::Update-Package-Lists \"1\"; // one\n# two\n/* three \"; */\n"
      "APT { Periodic { Unattended-Upgrade \"0\"; }; Get { Assume-Yes true; } };\n"
      "apt::periodic::unattended-upgrade \"1\";\nX:: \"list\"; {\"odd\";}; \"unclosed",
      config);
  EXPECT_EQ(config["apt::periodic::update-package-lists"], "1");
  EXPECT_EQ(config["apt::periodic::unattended-upgrade"], "1");
  EXPECT_EQ(config["apt::get::assume-yes"], "true");
}

// A public key packet of four octets (RFC 4880 §4.2): its fingerprint is SHA-1 over 99 0004 04010203.
constexpr const char* kNewForm = "c604 04010203";
constexpr const char* kOldForm = "9804 04010203";
constexpr const char* kFingerprint = "414991CAA0EC0A04EC7B4ECA1EAF154881D04C35";

std::string bytes(const char* text) {
  const auto raw = test::hex(text);
  return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

TEST(OpenPgp, FindsTheSameKeyInEveryForm) {
  const auto binary = parse_keyring(bytes(kNewForm));
  ASSERT_EQ(binary.fingerprints.size(), 1U);
  EXPECT_EQ(binary.fingerprints[0], kFingerprint);
  EXPECT_TRUE(binary.complete);
  EXPECT_EQ(parse_keyring(bytes(kOldForm)).fingerprints, binary.fingerprints);
  const auto armoured = parse_keyring(
      "-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: x\n\nxgQEAQID\n=abcd\n-----END PGP PUBLIC KEY "
      "BLOCK-----\n");
  EXPECT_EQ(armoured.fingerprints, binary.fingerprints);
}

TEST(OpenPgp, PassesOverSubkeysAndNamesAndEndsAtNonsense) {
  const auto keyring =
      parse_keyring(bytes("c604 04010203  ce02 0401  cd01 41  c604 03010203  c6ff 7fffffff"));
  ASSERT_EQ(keyring.fingerprints.size(), 2U);
  EXPECT_EQ(keyring.fingerprints[1], "version 3");
  EXPECT_FALSE(keyring.complete);
  EXPECT_FALSE(parse_keyring("no keyring").complete);
  EXPECT_TRUE(parse_keyring("").fingerprints.empty());
}

TEST(Apt, NamesTheKeysThatSourcesTrust) {
  MachineTree tree;
  tree.with("/etc/apt/sources.list", "deb [signed-by=/usr/share/keyrings/a.gpg] http://d.org/ x main\n")
      .with("/usr/share/keyrings/a.gpg", bytes(kNewForm))
      .with("/usr/share/keyrings/not-used.gpg", bytes(kNewForm))
      .with("/etc/apt/trusted.gpg.d/broken.gpg", "hello");
  const auto facts = observe_apt(tree.unpacked(), asked("keys")).facts;
  ASSERT_EQ(facts.size(), 2U);
  EXPECT_EQ(facts[0], (Fact{"/etc/apt/trusted.gpg.d/broken.gpg", "no keyring"}));
  EXPECT_EQ(facts[1].name, "/usr/share/keyrings/a.gpg");
}

TEST(Apt, FindsRepairsThatAreKnownAndNotInstalled) {
  const std::string lists = "/var/lib/apt/lists/security.debian.org_debian-security_dists_bookworm-security_";
  MachineTree tree;
  tree.with("/var/lib/dpkg/status",
            "Package: openssl\nStatus: install ok installed\nVersion: 3.0.15-1~deb12u1\n\n"
            "Package: curl\nStatus: install ok installed\nVersion: 7.88.1-10+deb12u12\n");
  EXPECT_EQ(observe_apt(tree.unpacked(), asked("pending_security")).state, State::absent);
  tree.with(lists + "InRelease", "Origin: Debian\nLabel: Debian-Security\nSuite: x\n")
      .with(lists + "main_binary-amd64_Packages",
            "Package: openssl\nVersion: 3.0.17-1~deb12u2\n\nPackage: curl\nVersion: 7.88.1-10+deb12u12\n\n"
            "Package: not-installed\nVersion: 9\n")
      .with("/var/lib/apt/lists/deb.debian.org_debian_dists_bookworm_InRelease",
            "Origin: Debian\nLabel: Debian\n")
      .with("/var/lib/apt/lists/deb.debian.org_debian_dists_bookworm_main_binary-amd64_Packages",
            "Package: curl\nVersion: 8\n");
  EXPECT_THAT(observe_apt(tree.unpacked(), asked("pending_security")).facts,
              ElementsAre(Fact{"openssl", "3.0.15-1~deb12u1 < 3.0.17-1~deb12u2"}));
}

TEST(Apt, TellsSettingsByTheLastFile) {
  MachineTree tree;
  tree.with("/etc/apt/apt.conf.d/20auto", "APT::Periodic::Unattended-Upgrade \"1\";\n")
      .with("/etc/apt/apt.conf.d/99off", "APT::Periodic::Unattended-Upgrade \"0\";\n")
      .with("/etc/apt/apt.conf.d/zz.bak", "APT::Periodic::Unattended-Upgrade \"1\";\n");
  const auto seen =
      observe_apt(tree.unpacked(), asked_with({
                                       {"setting", {"APT::Periodic::Unattended-Upgrade", "APT::None"}}
  }));
  EXPECT_THAT(seen.facts,
              ElementsAre(Fact{"APT::Periodic::Unattended-Upgrade", "0"}, Fact{"APT::None", "unset"}));
}

}  // namespace
}  // namespace cloister::audit::probes
