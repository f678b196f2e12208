#include "focus/services/av_moderation.h"

#include "people.h"

namespace cloister::focus::services {
namespace {

using rights::Role;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using xmpp::AvModerationCommand;
using xmpp::ErrorCondition;

const char* letter(MediaKindOf what) {
  const char* const letters[] = {"audio", "video", "desktop"};
  return letters[static_cast<std::size_t>(what)];
}

class AvModerationTest : public testing::Test, AvModeration::Port {
protected:
  void tell(const Person& to, const Moderated& moderated) override {
    log.push_back(to.id.expose() + ": " + letter(moderated.what) + (moderated.enabled ? " on" : " off") +
                  " by " + std::string(moderated.actor.resource()));
  }
  void tell(const Person& to, const AllowList& list) override {
    std::string line = to.id.expose() + ": may send " + letter(list.what);
    for (const xmpp::Jid& one : list.allowed) line += " " + std::string(one.resource());
    log.push_back(line + (list.removed ? " (fewer)" : ""));
  }
  void tell(const Person& to, const Verdict& verdict) override {
    log.push_back(to.id.expose() + ": you may" + (verdict.approved ? "" : " not") + " " +
                  letter(verdict.what));
  }
  void restrain(const std::map<EndpointId, room::MaySend>& people) override {
    for (const auto& [id, may] : people) at_bridge[id.expose()] = may;
  }
  void ask_to_mute(const EndpointId& whom, MediaKindOf what) override {
    log.push_back("mute " + whom.expose() + " " + letter(what));
  }
  void on_moderated(MediaKindOf what, bool enabled) override {
    log.push_back(std::string("newcomers' ") + letter(what) + (enabled ? " off" : " as before"));
  }

  void comes(const std::string& nick, Role role) {
    roster.update(presence(nick, role));
    service.on_came(*roster.find(EndpointId(nick)));
  }
  void becomes(const std::string& nick, Role role) {
    const auto update = roster.update(presence(nick, role));
    service.on_changed(update.before, *roster.find(EndpointId(nick)));
  }
  void leaves(const std::string& nick) { service.on_left(roster.update(absence(nick)).before); }
  Answer says(const std::string& nick, const AvModerationCommand& command) {
    return service.on_command(*roster.find(EndpointId(nick)), command);
  }
  static AvModerationCommand turn(const char* what, bool on) { return {.media_type = what, .enable = on}; }
  static AvModerationCommand allow(const char* what, const std::string& nick) {
    return {.media_type = what, .allow = jid("r@conference.d/" + nick)};
  }
  static AvModerationCommand block(const char* what, const std::string& nick) {
    return {.media_type = what, .block = jid("r@conference.d/" + nick)};
  }
  std::vector<std::string> take() { return std::exchange(log, {}); }

  Roster roster;
  AvModeration service{roster, *this};
  std::vector<std::string> log;
  std::map<std::string, room::MaySend> at_bridge;
};

// Focus checklist: 174
TEST_F(AvModerationTest, SwitchedOnItSilencesAllButThoseWhoLead) {
  comes("host", Role::host);
  comes("aide", Role::co_host);
  comes("pupil", Role::participant);
  ASSERT_TRUE(says("host", turn("audio", true)));
  EXPECT_THAT(take(), ElementsAre("newcomers' audio off", "aide: audio on by host", "host: audio on by host",
                                  "pupil: audio on by host", "mute pupil audio",
                                  "aide: may send audio aide host", "host: may send audio aide host"));
  EXPECT_EQ(at_bridge["host"], room::kMaySendAll);
  EXPECT_EQ(at_bridge["aide"], room::kMaySendAll);
  EXPECT_EQ(at_bridge["pupil"], (room::MaySend{.video = true, .desktop = true}));
  EXPECT_TRUE(says("host", turn("audio", true)));
  EXPECT_THAT(take(), IsEmpty()) << "it was on already";
}

TEST_F(AvModerationTest, WhoIsAllowedSpeaksUntilBlocked) {
  comes("host", Role::host);
  comes("pupil", Role::participant);
  ASSERT_TRUE(says("host", turn("desktop", true)));
  take();
  ASSERT_TRUE(says("host", allow("desktop", "pupil")));
  EXPECT_THAT(take(), ElementsAre("pupil: you may desktop", "host: may send desktop host pupil"));
  EXPECT_EQ(at_bridge["pupil"], room::kMaySendAll);
  ASSERT_TRUE(says("host", block("desktop", "pupil")));
  EXPECT_THAT(take(), ElementsAre("pupil: you may not desktop", "mute pupil desktop",
                                  "host: may send desktop host (fewer)"));
  EXPECT_EQ(at_bridge["pupil"], (room::MaySend{.audio = true, .video = true}));
  ASSERT_TRUE(says("host", turn("desktop", false)));
  EXPECT_EQ(at_bridge["pupil"], room::kMaySendAll);
}

// Focus checklist: 176
TEST_F(AvModerationTest, WhoComesLaterIsToldAndHeldToIt) {
  comes("host", Role::host);
  ASSERT_TRUE(says("host", turn("video", true)));
  take();
  comes("late", Role::participant);
  EXPECT_THAT(take(), ElementsAre("late: video on by host"));
  EXPECT_EQ(at_bridge["late"], (room::MaySend{.audio = true, .desktop = true}));
  comes("aide", Role::co_host);
  EXPECT_THAT(take(), ElementsAre("aide: video on by host", "aide: may send video aide host",
                                  "host: may send video aide host"));
}

TEST_F(AvModerationTest, RolesThatChangeTakeTheirRightAlong) {
  comes("host", Role::host);
  comes("pupil", Role::participant);
  ASSERT_TRUE(says("host", turn("audio", true)));
  becomes("pupil", Role::co_host);
  EXPECT_EQ(at_bridge["pupil"], room::kMaySendAll);
  becomes("pupil", Role::participant);
  EXPECT_FALSE(at_bridge["pupil"].audio);
  EXPECT_THAT(log, Contains("mute pupil audio"));
}

TEST_F(AvModerationTest, WhoLeavesIsForgotten) {
  comes("host", Role::host);
  comes("pupil", Role::participant);
  ASSERT_TRUE(says("host", turn("audio", true)));
  ASSERT_TRUE(says("host", allow("audio", "pupil")));
  take();
  leaves("pupil");
  EXPECT_THAT(take(), ElementsAre("host: may send audio host (fewer)"));
  comes("pupil", Role::participant);
  EXPECT_FALSE(at_bridge["pupil"].audio);
}

TEST_F(AvModerationTest, RefusedCommandsChangeNothing) {
  comes("host", Role::host);
  comes("aide", Role::co_host);
  comes("pupil", Role::participant);
  comes("viewer", Role::viewer);
  ASSERT_TRUE(says("host", turn("audio", true)));
  take();
  const auto before = at_bridge;
  for (const char* const nick : {"pupil", "viewer"}) {
    EXPECT_REFUSED(says(nick, turn("audio", false)), ErrorCondition::forbidden);
    EXPECT_REFUSED(says(nick, turn("video", true)), ErrorCondition::forbidden);
    EXPECT_REFUSED(says(nick, allow("audio", "pupil")), ErrorCondition::forbidden);
  }
  EXPECT_REFUSED(says("aide", block("audio", "host")), ErrorCondition::not_allowed);
  EXPECT_REFUSED(says("host", turn("smell", true)), ErrorCondition::bad_request);
  EXPECT_REFUSED(says("host", {.media_type = "audio"}), ErrorCondition::bad_request);
  EXPECT_REFUSED(says("host", allow("audio", "nobody")), ErrorCondition::item_not_found);
  EXPECT_REFUSED(says("host", allow("video", "pupil")),
                 ErrorCondition::item_not_found);  // it is not moderated
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(at_bridge, before);
}

}  // namespace
}  // namespace cloister::focus::services
