// The table as the issue prints it, its copy for Prosody, and what the policy takes away.
#include "focus/rights/rights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "focus/rights/lua_table.h"

namespace cloister::focus::rights {
namespace {

using testing::ElementsAre;
using xmpp::Affiliation;

std::vector<std::string_view> rights_of(Role role, const Policy& policy = {}) {
  std::vector<std::string_view> names;
  for (const Row& row : kTable)
    if (may(role, row.right, policy)) names.push_back(row.name);
  return names;
}

TEST(Rights, EachRoleHasItsOwn) {
  EXPECT_EQ(rights_of(Role::host).size(), kRights - 1) << "all but recording, which nobody has";
  EXPECT_THAT(rights_of(Role::co_host),
              ElementsAre("admit", "mute_others", "stop_cameras", "control_sharing", "manage_breakout_rooms",
                          "microphone", "camera", "screen", "chat", "private_chat", "reactions", "raise_hand",
                          "rename"));
  EXPECT_THAT(rights_of(Role::participant), ElementsAre("microphone", "camera", "screen", "chat",
                                                        "private_chat", "reactions", "raise_hand", "rename"));
  EXPECT_THAT(rights_of(Role::viewer),
              ElementsAre("chat", "private_chat", "reactions", "raise_hand", "rename"));
}

TEST(Rights, EverySwitchTakesItsRightFromParticipantsAndViewersAlone) {
  for (const Row& row : kTable) {
    if (!row.switched_by) continue;
    SCOPED_TRACE(row.name);
    const Policy policy = Policy{}.set(*row.switched_by, false);
    EXPECT_TRUE(may(Role::host, row.right, policy));
    EXPECT_TRUE(may(Role::co_host, row.right, policy));
    EXPECT_FALSE(may(Role::participant, row.right, policy));
    EXPECT_FALSE(may(Role::viewer, row.right, policy));
    EXPECT_EQ(rights_of(Role::participant, policy).size(), rights_of(Role::participant).size() - 1);
    EXPECT_EQ(kSwitchNames.at(static_cast<std::size_t>(*row.switched_by)), row.name);
  }
}

TEST(Rights, ARoleIsWhatTheRoomSays) {
  EXPECT_EQ(role_of(Affiliation::owner, xmpp::Role::moderator), Role::host);
  EXPECT_EQ(role_of(Affiliation::admin, xmpp::Role::moderator), Role::co_host);
  EXPECT_EQ(role_of(Affiliation::member, xmpp::Role::participant), Role::participant);
  EXPECT_EQ(role_of(Affiliation::none, xmpp::Role::moderator), Role::participant)
      << "nobody leads by a role alone";
  EXPECT_EQ(role_of(Affiliation::none, xmpp::Role::visitor), Role::viewer);
}

TEST(Rights, ProsodysCopyIsThisTable) {
  std::ifstream file(LUA_TABLE);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), write_lua_table()) << "components/prosody/cloister_rights.lib.lua is to be this text";
}

TEST(Policy, IsWhatIsSwitchedOff) {
  EXPECT_EQ(write_policy(kOpen), "");
  EXPECT_EQ(write_policy(kClassroom), "screen private_chat rename");
  EXPECT_EQ(write_policy(kConfidential), "private_chat rename");
  EXPECT_EQ(parse_policy("screen private_chat rename"), kClassroom);
  EXPECT_EQ(parse_policy("  screen colour  private_chat rename "), kClassroom)
      << "what is no switch is passed over";
  EXPECT_EQ(parse_policy(""), kOpen);
}

TEST(Policy, AWishChangesWhatItNames) {
  const Policy before = Policy{}.set(Switch::chat, false);
  EXPECT_EQ(change(before,
                   {
                       {"camera", false},
                       {"colour", false}
  }),
            Policy{}.set(Switch::chat, false).set(Switch::camera, false));
  EXPECT_EQ(change(before,
                   {
                       {"chat", true}
  }),
            kOpen);
}

}  // namespace
}  // namespace cloister::focus::rights
