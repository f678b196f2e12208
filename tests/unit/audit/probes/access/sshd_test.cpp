#include <gmock/gmock.h>

#include "audit/probes/access/probes.h"
#include "audit/probes/access/sshd_config.h"
#include "audit/probes/access/sshd_values.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::MachineTree;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Line {
  const char* text;
  const char* keyword;
  std::vector<std::string> arguments;
};
const Line kLines[] = {
    {"PermitRootLogin no",                  "permitrootlogin",              {"no"}                                    },
    {"permitrootlogin=no",                  "permitrootlogin",              {"no"}                                    },
    {"PermitRootLogin = no",                "permitrootlogin",              {"no"}                                    },
    {"  AllowUsers  ann\tbob  # both",      "allowusers",                   {"ann", "bob"}                            },
    {"Banner \"/etc/a b\"",                 "banner",                       {"/etc/a b"}                              },
    {"ChallengeResponseAuthentication no",  "kbdinteractiveauthentication", {"no"}                                    },
    {"Match User ann Address 192.0.2.0/24", "match",                        {"User", "ann", "Address", "192.0.2.0/24"}},
};

TEST(SshdConfig, ReadsALineAsSshdDoes) {
  for (const auto& [text, keyword, arguments] : kLines) {
    SCOPED_TRACE(text);
    const auto parsed = parse_sshd_config(text);
    ASSERT_THAT(parsed, SizeIs(1));
    EXPECT_EQ(parsed.front().keyword, keyword);
    EXPECT_EQ(parsed.front().arguments, arguments);
  }
  EXPECT_THAT(parse_sshd_config("# PermitRootLogin yes\n\nUsePAM\n"), IsEmpty());
}

struct Value {
  const char* keyword;
  const char* written;
  const char* canonical;
};
constexpr Value kValues[] = {
    {"logingracetime",      "2m",               "120"              },
    {"logingracetime",      "1h30M5",           "5405"             },
    {"clientaliveinterval", "15",               "15"               },
    {"clientaliveinterval", "soon",             "soon"             },
    {"permitrootlogin",     "without-password", "prohibit-password"},
    {"permitrootlogin",     "YES",              "yes"              },
    {"maxstartups",         "10",               "10:100:10"        },
    {"maxstartups",         "10:30:60",         "10:30:60"         },
    {"loglevel",            "verbose",          "VERBOSE"          },
    {"ciphers",             "aes256-ctr",       "aes256-ctr"       },
    {"banner",              "None",             "none"             },
};
TEST(SshdConfig, SpellsValuesInOneWay) {
  for (const auto& [keyword, written, canonical] : kValues)
    EXPECT_EQ(canonical_sshd_value(keyword, {written}), canonical) << keyword << " " << written;
}

TEST(SshdConfig, WorksChangesOfAlgorithmsIntoTheDefaults) {
  EXPECT_THAT(canonical_sshd_value("ciphers", {"+aes128-cbc"}),
              HasSubstr("aes256-gcm@openssh.com,aes128-cbc"));
  EXPECT_EQ(canonical_sshd_value("ciphers", {"-aes*,chacha*"}), "");
  EXPECT_EQ(canonical_sshd_value("ciphers", {"-*-ctr,*gcm*,a*b*c*d"}), "chacha20-poly1305@openssh.com");
  EXPECT_EQ(canonical_sshd_value("macs", {"-umac-?*,hmac-sha1*,hmac-sha2-*-etm?*,hmac-sha2-256"}),
            "hmac-sha2-512");
  EXPECT_TRUE(canonical_sshd_value("ciphers", {"^aes256-ctr"}).starts_with("aes256-ctr,chacha20"));
}

TEST(Sshd, TakesTheFirstValueAndIncludesWhereTheyStand) {
  MachineTree tree;
  tree.with("/usr/sbin/sshd")
      .with("/etc/ssh/sshd_config",
            "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\nMaxSessions 4\n")
      .with("/etc/ssh/sshd_config.d/20-late.conf", "PermitRootLogin yes\n")
      .with("/etc/ssh/sshd_config.d/10-early.conf", "PermitRootLogin no\n");
  const System system = tree.unpacked();
  EXPECT_THAT(observe_sshd(system, asked("permitrootlogin")).facts, ElementsAre(Fact{"effective", "no"}));
  EXPECT_EQ(observe_sshd(system, asked("permitrootlogin")).note,
            "from /etc/ssh/sshd_config.d/10-early.conf:1");
  EXPECT_THAT(observe_sshd(system, asked("maxsessions")).facts, ElementsAre(Fact{"effective", "4"}));
}

TEST(Sshd, TellsWhatAMatchBlockSaysInstead) {
  MachineTree tree;
  tree.with("/usr/sbin/sshd")
      .with("/etc/ssh/sshd_config",
            "PermitRootLogin no\nMatch User guest\n PermitRootLogin yes\n Include more\nMatch "
            "all\nMaxAuthTries 3\n")
      .with("/etc/ssh/more", "MaxAuthTries 9\nMatch Group games\nX11Forwarding yes\n");
  const System system = tree.unpacked();
  EXPECT_THAT(observe_sshd(system, asked("permitrootlogin")).facts,
              ElementsAre(Fact{"effective", "no"}, Fact{"match User guest", "yes"}));
  EXPECT_THAT(observe_sshd(system, asked("maxauthtries")).facts,
              ElementsAre(Fact{"effective", "3"}, Fact{"match User guest", "9"}));
  EXPECT_THAT(observe_sshd(system, asked("x11forwarding")).facts,
              ElementsAre(Fact{"effective", "no"}, Fact{"match Group games", "yes"}));
}

TEST(Sshd, TakesTheOptionsOfTheServiceFirst) {
  MachineTree tree;
  tree.with("/usr/sbin/sshd")
      .with("/etc/ssh/sshd_config", "PermitRootLogin no\n")
      .with("/etc/default/ssh", "SSHD_OPTS=\"-4 -o PermitRootLogin=yes\"\n");
  EXPECT_THAT(observe_sshd(tree.unpacked(), asked("permitrootlogin")).facts,
              ElementsAre(Fact{"effective", "yes"}));
}

TEST(Sshd, AddsUpListsAndKnowsDefaults) {
  MachineTree tree;
  tree.with("/usr/sbin/sshd").with("/etc/ssh/sshd_config", "AllowUsers ann\nAllowUsers bob carol\n");
  const System system = tree.unpacked();
  EXPECT_THAT(observe_sshd(system, asked("allowusers")).facts,
              ElementsAre(Fact{"effective", "ann bob carol"}));
  EXPECT_THAT(observe_sshd(system, asked("maxauthtries")).facts, ElementsAre(Fact{"effective", "6"}));
  EXPECT_EQ(observe_sshd(system, asked("denyusers")).state, State::absent);
}

TEST(Sshd, IsNotInstalledOrUnreadableButNeverGuessed) {
  MachineTree bare;
  bare.with_folder("/etc");
  EXPECT_EQ(observe_sshd(bare.unpacked(), asked("usepam")).state, State::not_installed);
  EXPECT_EQ(observe_sshd_files(bare.unpacked(), asked("host_keys")).state, State::not_installed);
  bare.with("/usr/sbin/sshd");
  EXPECT_EQ(observe_sshd(bare.unpacked(), asked("usepam")).state, State::absent);
}

TEST(Sshd, EndsAnIncludeOfItself) {
  MachineTree tree;
  tree.with("/usr/sbin/sshd")
      .with("/etc/ssh/sshd_config", "Include sshd_config\nInclude sshd_config\nUsePAM yes\n");
  EXPECT_THAT(observe_sshd(tree.unpacked(), asked("usepam")).facts, ElementsAre(Fact{"effective", "yes"}));
}

TEST(Sshd, NamesTheFilesItDependsOn) {
  MachineTree tree;
  tree.with("/usr/sbin/sshd")
      .with("/etc/ssh/sshd_config", "Include sshd_config.d/*.conf\n", 0600)
      .with("/etc/ssh/sshd_config.d/a.conf", "HostKey /etc/ssh/own_key\n", 0640)
      .with("/etc/ssh/own_key", "", 0600)
      .with("/etc/ssh/own_key.pub", "", 0644)
      .with("/etc/ssh/ssh_host_rsa_key", "", 0666);
  const System system = tree.unpacked();
  EXPECT_THAT(observe_sshd_files(system, asked("configuration")).facts,
              ElementsAre(Fact{"/etc/ssh/sshd_config", "0600 " + tree.owner()},
                          Fact{"/etc/ssh/sshd_config.d/a.conf", "0640 " + tree.owner()}));
  EXPECT_THAT(observe_sshd_files(system, asked("host_keys")).facts,
              ElementsAre(Fact{"/etc/ssh/own_key", "0600 " + tree.owner()}));
  EXPECT_THAT(observe_sshd_files(system, asked("public_keys")).facts,
              ElementsAre(Fact{"/etc/ssh/own_key.pub", "0644 " + tree.owner()}));
}

}  // namespace
}  // namespace cloister::audit::probes
