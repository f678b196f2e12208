// Messages to the services, over recorded sessions: who is heard, in whose room, and who hears what.
#include "focus/signalling/services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/fake_session.h"

namespace cloister::focus::signalling {
namespace {

using rights::Role;
using support::FakeSession;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using xmpp::ErrorCondition;

xmpp::Jid jid(const std::string& text) { return xmpp::Jid::parse(text).value(); }

struct FakeRoom final : RoomControl {
  void restrain(const std::map<EndpointId, room::MaySend>& members) override {
    for (const auto& [id, may] : members) restrained[id] = may;
  }
  void ask_to_mute(const EndpointId& member, xmpp::Mute::What) override { muted.push_back(member); }
  void set_start_muted(const room::PerKind& kinds) override { start_muted = kinds; }
  room::Calls::Answer change_policy(const EndpointId&, const std::map<std::string, bool>& wish) override {
    kept_policy = rights::change(kept_policy, wish);
    return xmpp::Empty{};
  }
  const rights::Policy& policy() const override { return kept_policy; }
  void keep(room::Kept now) override { kept = now; }
  void destroy(std::string reason, std::optional<xmpp::Jid> alternative) override {
    destroyed = std::move(reason);
    elsewhere = std::move(alternative);
  }

  std::map<EndpointId, room::MaySend> restrained;
  std::vector<EndpointId> muted;
  room::PerKind start_muted{};
  rights::Policy kept_policy{};
  room::Kept kept = room::Kept::no;
  std::string destroyed;
  std::optional<xmpp::Jid> elsewhere;
};

class ServicesTest : public testing::Test {
protected:
  ServicesTest() {
    services.add(ServiceKind::av_moderation, moderation);
    services.add(ServiceKind::end_conference, ending);
    services.add(ServiceKind::room_metadata, metadata);
    services.add(ServiceKind::polls, polls);
    services.add_breakout_rooms(focus, "breakout.d");
    services.on_room(kMain, main);
    services.on_room_open(kMain);
  }
  void comes(const std::string& nick, xmpp::Affiliation affiliation = xmpp::Affiliation::none,
             const xmpp::Jid& room = kMain) {
    services.on_occupant(room, {.occupant = room.with_resource(nick),
                                .nick = EndpointId(nick),
                                .real_jid = jid(nick + "@guest.d/tab"),
                                .affiliation = affiliation,
                                .role = xmpp::Role::participant});
  }
  void leaves(const std::string& nick, const xmpp::Jid& room = kMain) {
    services.on_occupant(
        room, {.occupant = room.with_resource(nick), .nick = EndpointId(nick), .available = false});
  }
  static void says(FakeSession& to, const std::string& nick, xmpp::ServiceContent content) {
    to.router().deliver(xmpp::ServiceMessage{
        .from = jid(nick + "@guest.d/tab"), .to = jid("service.d"), .content = std::move(content)});
  }
  // By way of the server's module.
  void asks_for_breakout(const std::string& nick, xmpp::BreakoutCommand command,
                         const std::string& host = "breakout.d") {
    focus.router().deliver(xmpp::ServiceMessage{.from = jid(host + "/" + nick + "@guest.d/tab"),
                                                .to = jid("focus.d"),
                                                .content = std::move(command)});
  }
  static std::vector<std::string> heard(const FakeSession& service, const std::string& nick) {
    std::vector<std::string> texts;
    for (const auto& said : service.said)
      if (said.to == jid(nick + "@guest.d/tab")) texts.push_back(said.content.text.expose());
    return texts;
  }
  ErrorCondition refusal(FakeSession& service) {
    reactor.poll();  // who is refused is judged twice
    if (service.refused.empty()) return ErrorCondition::undefined_condition;
    return std::exchange(service.refused, {}).front().error.condition;
  }

  static inline const xmpp::Jid kMain = jid("r@conference.d");
  net::Reactor reactor;
  support::FakeClock clock;
  FakeSession moderation, ending, metadata, polls, focus;
  Services services{reactor, clock, Duration{}};
  FakeRoom main;
};

TEST_F(ServicesTest, ACommandReachesTheRoomThatItsSenderIsIn) {
  FakeRoom other;
  services.on_room(jid("other@conference.d"), other);
  comes("host", xmpp::Affiliation::owner);
  comes("pupil");
  comes("stranger", xmpp::Affiliation::owner, jid("other@conference.d"));
  says(moderation, "host", xmpp::AvModerationCommand{.media_type = "audio", .enable = true});
  EXPECT_THAT(moderation.refused, IsEmpty());
  EXPECT_EQ(main.muted, std::vector{EndpointId("pupil")});
  EXPECT_FALSE(main.restrained.at(EndpointId("pupil")).audio);
  EXPECT_TRUE(main.start_muted.audio);
  ASSERT_THAT(heard(moderation, "pupil"), SizeIs(1));
  EXPECT_THAT(heard(moderation, "pupil")[0], HasSubstr(R"("enabled":true)"));
  EXPECT_THAT(heard(moderation, "host"), SizeIs(2)) << "the list of who may speak, too";
  EXPECT_THAT(heard(moderation, "stranger"), IsEmpty());
  EXPECT_THAT(other.muted, IsEmpty());
}

TEST_F(ServicesTest, WhoIsNotInTheRoomIsToldTheSameOfAnyRoom) {
  comes("host", xmpp::Affiliation::owner);
  for (const char* const room : {"r@conference.d", "nowhere@conference.d"}) {
    says(metadata, "stranger",
         xmpp::RoomMetadataCommand{.room = jid(room), .text = R"({"key":"k","data":1})"});
    EXPECT_EQ(refusal(metadata), ErrorCondition::forbidden);
  }
  says(ending, "stranger", xmpp::EndConferenceCommand{});
  EXPECT_EQ(refusal(ending), ErrorCondition::forbidden);
  leaves("host");
  says(ending, "host", xmpp::EndConferenceCommand{});
  EXPECT_EQ(refusal(ending), ErrorCondition::forbidden) << "who has left is a stranger";
  EXPECT_EQ(main.destroyed, "");
}

TEST_F(ServicesTest, AMessageThatOutrunsThePresenceOfItsSenderCounts) {
  comes("pupil");
  says(metadata, "host", xmpp::RoomMetadataCommand{.room = kMain, .text = R"({"key":"k","data":1})"});
  says(metadata, "host", xmpp::RoomMetadataCommand{.room = kMain, .text = R"({"key":"k","data":2})"});
  EXPECT_THAT(metadata.refused, IsEmpty());
  comes("host", xmpp::Affiliation::owner);
  EXPECT_EQ(refusal(metadata), ErrorCondition::undefined_condition);
  ASSERT_FALSE(heard(metadata, "pupil").empty());
  EXPECT_THAT(heard(metadata, "pupil").back(), HasSubstr(R"("k":2)")) << "in their order";
}

// Focus checklist: 182
TEST_F(ServicesTest, OnlyAHostEndsTheMeeting) {
  comes("host", xmpp::Affiliation::owner);
  comes("aide", xmpp::Affiliation::admin);
  says(ending, "aide", xmpp::EndConferenceCommand{});
  EXPECT_EQ(refusal(ending), ErrorCondition::forbidden);
  EXPECT_EQ(main.destroyed, "");
  says(ending, "host", xmpp::EndConferenceCommand{});
  EXPECT_EQ(main.destroyed, "The meeting has been terminated");
}

TEST_F(ServicesTest, AMessageForAnotherServiceIsNoCommand) {
  comes("host", xmpp::Affiliation::owner);
  says(metadata, "host", xmpp::EndConferenceCommand{});
  EXPECT_EQ(refusal(metadata), ErrorCondition::bad_request);
  EXPECT_EQ(main.destroyed, "");
}

TEST_F(ServicesTest, TheServerKeepsACopyOfTheMetadataForNewcomers) {
  ASSERT_THAT(metadata.said, SizeIs(1));
  EXPECT_EQ(metadata.said[0].to, kMain);
  comes("host", xmpp::Affiliation::owner);
  comes("pupil");
  metadata.said.clear();
  says(metadata, "host", xmpp::RoomMetadataCommand{.room = kMain, .text = R"({"key":"k","data":[1,2]})"});
  ASSERT_THAT(metadata.said, SizeIs(3)) << "the room, and everybody in it";
  EXPECT_EQ(metadata.said[0].to, kMain);
  for (const auto& said : metadata.said) EXPECT_THAT(said.content.text.expose(), HasSubstr(R"("k":[1,2])"));
}

// Between the door, where the server gives its copy, and the focus's hearing of it.
TEST_F(ServicesTest, WhatChangedWhileSomebodyEnteredIsToldToThem) {
  comes("host", xmpp::Affiliation::owner);
  says(metadata, "host", xmpp::RoomMetadataCommand{.room = kMain, .text = R"({"key":"k","data":1})"});
  comes("pupil");
  ASSERT_THAT(heard(metadata, "pupil"), SizeIs(1));
  EXPECT_THAT(heard(metadata, "pupil")[0], HasSubstr(R"("k":1)"));
  clock.advance(1min);
  comes("late");
  EXPECT_THAT(heard(metadata, "late"), IsEmpty()) << "the server's copy is enough";
}

TEST_F(ServicesTest, TooManyCommandsAreRefused) {
  comes("host", xmpp::Affiliation::owner);
  for (std::size_t i = 0; i < RoomServices::kCommands.most; ++i)
    says(moderation, "host", xmpp::AvModerationCommand{.media_type = "audio", .enable = i % 2 == 0});
  EXPECT_THAT(moderation.refused, IsEmpty());
  says(ending, "host", xmpp::EndConferenceCommand{});
  EXPECT_EQ(refusal(ending), ErrorCondition::policy_violation);
  clock.advance(1min);
  says(ending, "host", xmpp::EndConferenceCommand{});
  EXPECT_EQ(main.destroyed, "The meeting has been terminated");
}

// Focus checklist: 180
TEST_F(ServicesTest, BreakoutRoomsBelongToTheMeetingThatMadeThem) {
  comes("host", xmpp::Affiliation::owner);
  comes("pupil");
  asks_for_breakout("host", {.subject = Personal<std::string>("A")});
  EXPECT_EQ(main.kept, room::Kept::yes);
  EXPECT_FALSE(services.main_room_of(jid("invented@breakout.d")));
  // The clients are told by the module, from its address.
  asks_for_breakout("host", {.action = xmpp::BreakoutCommand::Action::move,
                             .participant = jid("pupil@guest.d/tab"),
                             .room = kMain});
  ASSERT_THAT(focus.said, SizeIs(1));
  EXPECT_EQ(focus.said[0].to, jid("breakout.d/pupil@guest.d/tab"));
  EXPECT_THAT(focus.said[0].content.text.expose(), HasSubstr("move-to-room"));
}

// Focus checklist: 13
TEST_F(ServicesTest, NobodySpeaksToBreakoutRoomsPastTheModule) {
  comes("host", xmpp::Affiliation::owner);
  for (const char* const host : {"guest.d", "room@breakout.d", "conference.d", "evil.breakout.d"})
    asks_for_breakout("host", {}, host);
  says(focus, "host", xmpp::BreakoutCommand{});
  EXPECT_EQ(main.kept, room::Kept::no);
  asks_for_breakout("stranger", {});
  EXPECT_EQ(refusal(focus), ErrorCondition::forbidden);
}

TEST_F(ServicesTest, AllIsForgottenWithTheRoom) {
  comes("host", xmpp::Affiliation::owner);
  asks_for_breakout("host", {});
  services.on_room_over(kMain);
  says(ending, "host", xmpp::EndConferenceCommand{});
  EXPECT_EQ(refusal(ending), ErrorCondition::forbidden);
  FakeRoom again;
  services.on_room(kMain, again);
  comes("host", xmpp::Affiliation::owner);
  says(ending, "host", xmpp::EndConferenceCommand{});
  EXPECT_EQ(again.destroyed, "The meeting has been terminated");
  services.on_all_dropped();
  says(ending, "host", xmpp::EndConferenceCommand{});
  EXPECT_EQ(refusal(ending), ErrorCondition::forbidden);
}

}  // namespace
}  // namespace cloister::focus::signalling
