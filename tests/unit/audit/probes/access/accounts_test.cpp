#include <gmock/gmock.h>

#include "audit/probes/access/logins.h"
#include "audit/probes/access/probes.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::MachineTree;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kPasswd =
    "root:x:0:0:root:/root:/bin/bash\n"
    "toor:x:0:0::/root:/usr/sbin/nologin\n"
    "sync:x:4:65534:sync:/bin:/bin/sync\n"
    "games:x:5:60:games:/usr/games:/bin/bash\n"
    "nobody:*:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
    "ann:x:1000:1000::/home/ann:/bin/bash\n"
    "bob:x:1000:77::/home/bob:\n";
constexpr const char* kGroup =
    "root:x:0:\nwheel:x:0:\nshadow:x:42:ann\ngames:x:60:\nann:x:1000:\nnogroup:x:65534:\nann:x:1001:\n";
constexpr const char* kShells = "# /etc/shells\n/bin/sh\n/bin/bash\n/usr/sbin/nologin\n";
constexpr const char* kShadow =
    "root:!:19000:0:99999:7:::\n"
    "games:$y$j9T$salt$hash:19000:0:99999:7:::\n"
    "ann:$y$j9T$salt$hash:99000:1:365:7:30::\n"
    "bob::19000:::::\n"
    "nobody:*:19000:0:99999:7:::\n";

MachineTree& with_accounts(MachineTree& tree) {
  return tree.with("/etc/passwd", kPasswd)
      .with("/etc/group", kGroup)
      .with("/etc/shells", kShells)
      .with("/etc/shadow", kShadow)
      .with("/etc/login.defs", "UID_MIN 1000\n");
}

std::vector<std::string> values_of(const model::Observation& seen) {
  std::vector<std::string> values;
  for (const Fact& fact : seen.facts) values.push_back(fact.value);
  return values;
}

struct Answer {
  const char* query;
  std::vector<std::string> names;
};
const Answer kAnswers[] = {
    {"uid_0",             {"root", "toor"}              },
    {"gid_0",             {"root", "wheel"}             },
    {"primary_group_0",   {"root", "toor"}              },
    {"system_with_shell", {"games"}                     },
    {"unshadowed",        {"nobody"}                    },
    {"without_group",     {"bob"}                       },
    {"shared_uids",       {"root", "toor", "ann", "bob"}},
    {"shared_gids",       {"root", "wheel"}             },
    {"repeated_users",    {}                            },
    {"repeated_groups",   {"ann", "ann"}                },
    {"shadow_group",      {"ann"}                       },
    {"malformed",         {}                            },
};
TEST(Accounts, NamesWhomAQueryIsAbout) {
  MachineTree tree;
  const System system = with_accounts(tree).unpacked();
  for (const auto& [query, names] : kAnswers)
    EXPECT_EQ(values_of(observe_accounts(system, asked(query))), names) << query;
}

TEST(Accounts, FindTheGroupThatMayUseSu) {
  MachineTree tree;
  with_accounts(tree).with("/etc/pam.d/su", "auth required pam_wheel.so use_uid group=shadow\n");
  EXPECT_EQ(values_of(observe_accounts(tree.unpacked(), asked("su_group"))),
            (std::vector<std::string>{"ann"}));
  tree.with("/etc/pam.d/su", "auth required pam_wheel.so use_uid group=gone\n");
  EXPECT_EQ(observe_accounts(tree.unpacked(), asked("su_group")).state, State::absent);
}

TEST(Accounts, AreNeverTakenForFineWhenTheyCannotBeRead) {
  MachineTree tree;
  tree.with("/etc/passwd", kPasswd);
  EXPECT_EQ(observe_accounts(tree.unpacked(), asked("uid_0")).state, State::unreadable);
  EXPECT_EQ(observe_passwords(tree.unpacked(), asked("empty")).state, State::unreadable);
  EXPECT_EQ(observe_accounts(with_accounts(tree).unpacked(), asked("no such query")).state,
            State::unreadable);
}

TEST(Passwords, AreJudgedOnlyWhereThereIsOne) {
  MachineTree tree;
  const System system = with_accounts(tree).unpacked();
  EXPECT_THAT(observe_passwords(system, asked("max_days")).facts,
              ElementsAre(Fact{"games", "99999"}, Fact{"ann", "365"}));
  EXPECT_THAT(observe_passwords(system, asked("inactive_days")).facts,
              ElementsAre(Fact{"games", "none"}, Fact{"ann", "30"}));
  EXPECT_EQ(values_of(observe_passwords(system, asked("empty"))), (std::vector<std::string>{"bob"}));
  EXPECT_EQ(values_of(observe_passwords(system, asked("changed_in_future"))),
            (std::vector<std::string>{"ann"}));
  EXPECT_THAT(observe_passwords(system, asked("root")).facts, ElementsAre(Fact{"root", "locked"}));
}

TEST(Passwords, OfAccountsWithoutShellAreFound) {
  MachineTree tree;
  const System system = with_accounts(tree).with("/etc/shells", "/bin/sh\n").unpacked();
  EXPECT_EQ(values_of(observe_passwords(system, asked("unlocked_without_shell"))),
            (std::vector<std::string>{"toor", "sync", "games", "ann"}));
}

TEST(Passwords, AreAbsentWhereEverybodyUsesKeys) {
  MachineTree tree;
  const System system = with_accounts(tree).with("/etc/shadow", "root:!:19000:0:99999:7:::\n").unpacked();
  EXPECT_EQ(observe_passwords(system, asked("max_days")).state, State::absent);
}

TEST(Homes, AreSeenWithTheirDotFiles) {
  MachineTree tree;
  const std::string owner = std::to_string(geteuid());
  const System system =
      tree.with("/etc/passwd", "ann:x:" + owner + ":" + std::to_string(getegid()) +
                                   "::/home/ann:/bin/sh\nbob:x:4321:4321::/home/bob:/bin/sh\n"
                                   "carol:x:4322:4322::/home/carol:/bin/sh\n")
          .with("/etc/shells", "/bin/sh\n")
          .with_folder("/home/ann", 0750)
          .with("/home/ann/.rhosts")
          .with("/home/ann/.netrc", "", 0640)
          .with("/home/ann/.profile", "", 0666)
          .with("/home/ann/notes", "", 0666)
          .with_folder("/home/bob", 0755)
          .unpacked();
  const auto folders = observe_homes(system, asked("folders")).facts;
  ASSERT_EQ(folders.size(), 3U);
  EXPECT_EQ(folders[0], (Fact{"ann", "0750 own own"}));
  EXPECT_NE(folders[1].value, "0755 own own");
  EXPECT_EQ(folders[2], (Fact{"carol", "missing"}));
  EXPECT_THAT(observe_homes(system, asked("trust_files")).facts,
              ElementsAre(Fact{"/home/ann/.rhosts", "0644 own own"}));
  EXPECT_THAT(observe_homes(system, asked("secret_files")).facts,
              ElementsAre(Fact{"/home/ann/.netrc", "0640 own own"}));
  EXPECT_THAT(observe_homes(system, asked("dot_files")).facts,
              ElementsAre(Fact{"/home/ann/.profile", "0666 own own"}));
}

TEST(Shadow, LeavesOutWhatIsNoEntry) {
  EXPECT_THAT(parse_shadow("\n:x:1::::::\nshort:x:1\n"), IsEmpty());
  ASSERT_EQ(parse_shadow(kShadow).size(), 5U);
  EXPECT_EQ(parse_shadow(kShadow)[2].min_days, 1);
  EXPECT_FALSE(parse_shadow(kShadow)[3].max_days);
}

}  // namespace
}  // namespace cloister::audit::probes
