// A conference's life: who is in, who moderates, when it ends.
#include "focus/room/room.h"

#include "unit/focus/room/room_fixture.h"

namespace cloister::focus::room {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using xmpp::Affiliation;
using xmpp::ErrorCondition;

// Focus checklist: 59, 60, 61
TEST_F(RoomTest, PublishesItselfWhenOpen) {
  open();
  EXPECT_THAT(port.published.conference_properties, Contains(Pair("support-terminate-restart", "true")));
  EXPECT_THAT(port.published.conference_properties, Contains(Pair("bridge-count", "0")));
  EXPECT_THAT(port.published.versions, Contains(Pair("focus", CLOISTER_VERSION)));
  EXPECT_FALSE(port.published.bridge_not_available);
}

// Focus checklist: 58
TEST_F(RoomTest, WhoCameBeforeTheRoomWasConfiguredIsNotLost) {
  bridge_comes();
  joins("aa");
  joins("bb");
  EXPECT_THAT(port.take(), IsEmpty());
  open();
  EXPECT_THAT(port.take(), ElementsAre("discover aa", "discover bb", "owner aa aa@guest.d"));
}

// Focus checklist: 70
TEST_F(RoomTest, EndsWhenNobodyComes) {
  open();
  run_for(14s);
  EXPECT_THAT(port.take(), IsEmpty());
  run_for(1s);
  EXPECT_THAT(port.take(), ElementsAre("over"));
}

// Focus checklist: 28
TEST_F(RoomTest, AnotherRequestGivesAnother15Seconds) {
  open();
  run_for(14s);
  room->on_request();
  run_for(14s);
  EXPECT_THAT(port.take(), IsEmpty());
  joins("aa");
  run_for(60s);
  EXPECT_THAT(port.take(), Not(Contains("over")));
  room->on_request();
  run_for(60s);
  EXPECT_THAT(port.take(), Not(Contains("over"))) << "a request for a room with people in it arms nothing";
}

// Focus checklist: 69
TEST_F(RoomTest, EndsWhenTheLastOneLeaves) {
  call_of({"aa", "bb"});
  leaves("aa");
  EXPECT_THAT(port.take(), Not(Contains("over")));
  leaves("bb");
  EXPECT_THAT(port.take(), ElementsAre("jvb1: expire", "over"));
  EXPECT_TRUE(room->is_over());
}

// Focus checklist: 68
TEST_F(RoomTest, EndsWhenNotOwnerAnyMore) {
  open();
  joins("aa");
  port.take();
  room->on_self({.affiliation = Affiliation::owner, .role = xmpp::Role::moderator});
  EXPECT_FALSE(room->is_over());
  room->on_self({.affiliation = Affiliation::member});
  EXPECT_TRUE(room->is_over());
}

// Focus checklist: 67
TEST_F(RoomTest, EndsWhenRemovedAndExpiresTheConference) {
  call_of({"aa", "bb"});
  room->on_removed();
  EXPECT_THAT(port.take(), ElementsAre("jvb1: expire", "over"));
  joins("cc");
  leaves("aa");
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 66
TEST_F(RoomTest, AKickOrBanIsALeaving) {
  call_of({"aa", "bb", "cc"});
  auto kicked = presence("bb");
  kicked.available = false;
  kicked.status = {307};
  room->on_occupant(kicked);
  EXPECT_THAT(port.take(), ElementsAre("jvb1: -bb"));
}

// Focus checklist: 71
TEST_F(RoomTest, NicknamesThatCannotBeEndpointsAreNotInvited) {
  bridge_comes();
  open();
  for (const std::string& nick : {std::string("jvb"), std::string("focus"), std::string("a b"),
                                  std::string("\""), std::string("ä"), std::string(), std::string(65, 'a')}) {
    xmpp::MucPresence odd = presence("x");
    odd.nick = EndpointId(nick);
    room->on_occupant(odd);
  }
  EXPECT_EQ(room->size(), 0U);
  joins("Ab12cd34");
  joins("ab12cd34");
  EXPECT_EQ(room->size(), 2U) << "byte for byte";
}

// Focus checklist: 72
TEST_F(RoomTest, WhoIsMadeAViewerStaysAndSendsNothing) {
  call_of({"aa", "bb"});
  auto viewer = presence("bb");
  viewer.role = xmpp::Role::visitor;
  room->on_occupant(viewer);
  EXPECT_EQ(room->size(), 2U);
  EXPECT_EQ(room->role_of(EndpointId("bb")), rights::Role::viewer);
  ASSERT_THAT(port.to_bridge, testing::SizeIs(1));
  EXPECT_EQ(port.to_bridge.front().modify.endpoints.at(0).force_mute,
            (colibri2::ForceMute{.audio = true, .video = true}));
  jingle::Jingle add = from("bb", Action::source_add);
  add.contents = {
      {.kind = jingle::ContentKind::audio, .name = "audio"}
  };
  add.contents[0].sources = {source(7, "bb-a1", "bb other")};
  EXPECT_REFUSED(room->on_jingle(EndpointId("bb"), add), ErrorCondition::not_allowed);
  EXPECT_REFUSED(room->on_mute(EndpointId("bb"), {.muted = false, .target = jid(std::string(kRoom) + "/bb")}),
                 ErrorCondition::not_allowed);
  room->on_occupant(presence("bb"));
  EXPECT_TRUE(room->on_jingle(EndpointId("bb"), add));
}

TEST_F(RoomTest, AViewersOfferIsAcceptedWithoutItsSources) {
  bridge_comes();
  open();
  joins("aa");
  auto viewer = presence("bb");
  viewer.role = xmpp::Role::visitor;
  room->on_occupant(viewer);
  clients_describe_themselves();
  bridge_answers();
  jingle::Jingle accept = from("bb", Action::session_accept);
  accept.contents = sources_of("bb", 2000);
  accept.contents[0].transport = xmpp::IceUdpTransport{.ufrag = "bb", .pwd = "p"};
  ASSERT_TRUE(room->on_jingle(EndpointId("bb"), accept));
  EXPECT_TRUE(next_to_bridge().modify.endpoints.at(0).sources->empty());
}

// Ownership

// Focus checklist: 75, 78
TEST_F(RoomTest, TheFirstMemberBecomesOwnerByItsBareAddress) {
  open();
  joins("bb");
  EXPECT_THAT(port.take(), ElementsAre("discover bb", "owner bb bb@guest.d"));
  joins("aa");
  EXPECT_THAT(port.take(), Not(Contains("owner aa aa@guest.d"))) << "the grant is on its way";
}

// Focus checklist: 75
TEST_F(RoomTest, NobodyIsElectedWhileThereIsAnOwner) {
  open();
  room->on_occupant(presence("aa", Affiliation::owner));
  joins("bb");
  EXPECT_THAT(port.take(), ElementsAre("discover aa", "discover bb"));
}

// Focus checklist: 76
TEST_F(RoomTest, AfterTheOwnerThoseWhoAreThereLongestAfterAGrace) {
  open();
  room->on_occupant(presence("zz", Affiliation::owner));
  joins("yy");
  joins("aa");
  leaves("zz");
  port.take();
  run_for(4s);
  EXPECT_THAT(port.take(), IsEmpty());
  run_for(1s);
  EXPECT_THAT(port.take(), ElementsAre("owner yy yy@guest.d"));
}

// Focus checklist: 76
TEST_F(RoomTest, AnOwnerWhoComesBackInTimeStaysTheOnlyOne) {
  open();
  room->on_occupant(presence("zz", Affiliation::owner));
  joins("yy");
  leaves("zz");
  run_for(3s);
  room->on_occupant(presence("z2", Affiliation::owner));
  port.take();
  run_for(30s);
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 76
TEST_F(RoomTest, WhenTheElectedOneLeavesAnotherIsElected) {
  open();
  joins("aa");
  joins("bb");
  port.take();
  leaves("aa");
  EXPECT_THAT(port.take(), ElementsAre("owner bb bb@guest.d"));
  room->on_grant_refused(EndpointId("bb"));
  run_for(5s);
  EXPECT_THAT(port.take(), ElementsAre("owner bb bb@guest.d")) << "tried again";
}

class NoAutoOwner : public RoomTest {
protected:
  NoAutoOwner() : RoomTest({.auto_owner = false}) {}
  const rights::Account ana = jid("ana@d"), ben = jid("ben@d");
};
// Focus checklist: 77
TEST_F(NoAutoOwner, NobodyIsElected) {
  open();
  joins("aa");
  run_for(10s);
  EXPECT_THAT(port.take(), ElementsAre("discover aa"));
}

TEST_F(NoAutoOwner, TheMeetingBelongsToWhoOpenedIt) {
  EXPECT_TRUE(room->claim(ana));
  EXPECT_FALSE(room->claim(ben)) << "another one with an account is a participant";
  EXPECT_TRUE(room->claim(ana)) << "on another device";
}

class AllHosts : public RoomTest {
protected:
  AllHosts() : RoomTest({.auto_owner = false, .hosts = {.moderate = rights::Moderate::all}}) {}
};
TEST_F(AllHosts, ShareEveryMeeting) {
  EXPECT_TRUE(room->claim(jid("ana@d")));
  EXPECT_TRUE(room->claim(jid("ben@d")));
}

TEST_F(NoAutoOwner, EndsAWhileAfterTheLastOneWhoLedHasLeft) {
  open();
  room->on_occupant(presence("aa", Affiliation::owner));
  room->on_occupant(presence("cc", Affiliation::admin));
  joins("bb");
  leaves("aa");
  run_for(600s);
  EXPECT_FALSE(room->is_over()) << "a co-host goes on";
  leaves("cc");
  run_for(299s);
  room->on_occupant(presence("a2", Affiliation::owner));
  run_for(600s);
  EXPECT_FALSE(room->is_over()) << "the host came back";
  leaves("a2");
  run_for(299s);
  EXPECT_FALSE(room->is_over());
  run_for(1s);
  EXPECT_TRUE(room->was_left_by_its_hosts());
}

TEST_F(NoAutoOwner, ABreakoutRoomAdoptsTheMeetingsPolicy) {
  open();
  room->on_occupant(presence("aa", Affiliation::owner));
  joins("bb");
  room->adopt(rights::kClassroom);
  EXPECT_EQ(port.published.conference_properties["policy"], "screen private_chat rename");
  EXPECT_TRUE(room->may(EndpointId("aa"), rights::Right::screen));
  EXPECT_FALSE(room->may(EndpointId("bb"), rights::Right::screen));
}

TEST_F(NoAutoOwner, AStormIsShownUntilItIsOver) {
  open();
  room->on_occupant(presence("aa", Affiliation::owner));
  EXPECT_FALSE(room->on_crowd({.networks = {{.tag = "a", .joins = 50}}}));
  EXPECT_EQ(port.published.conference_properties.count("most-participants"), 0U);
  EXPECT_TRUE(room->on_crowd({.networks = {{.tag = "a", .joins = 1}}}));
  EXPECT_EQ(port.published.conference_properties["most-participants"], "100");
  run_for(7200s);
  EXPECT_EQ(port.published.conference_properties.count("most-participants"), 0U);
  room->stop();
  EXPECT_FALSE(room->on_crowd({.networks = {{.tag = "a", .joins = 1000}}}));
}

class StaysWithoutHost : public RoomTest {
protected:
  StaysWithoutHost() : RoomTest({.auto_owner = false, .hosts = {.when_gone = rights::WhenGone::stay}}) {}
};
TEST_F(StaysWithoutHost, GoesOnWithoutAHost) {
  open();
  room->on_occupant(presence("aa", Affiliation::owner));
  joins("bb");
  leaves("aa");
  run_for(3600s);
  EXPECT_FALSE(room->is_over());
}

// Policy

TEST_F(NoAutoOwner, AHostsPolicyIsSaidToAllAndEnforcedAtTheBridge) {
  call_of({"aa", "bb"});
  room->on_occupant(presence("aa", Affiliation::owner));
  bridge_answers();
  EXPECT_REFUSED(room->change_policy(EndpointId("bb"),
                                     {
                                         {"chat", false}
  }),
                 ErrorCondition::not_allowed);
  EXPECT_EQ(port.published.conference_properties.count("policy"), 0U);
  ASSERT_TRUE(room->change_policy(EndpointId("aa"), {
                                                        {"chat",       false},
                                                        {"microphone", false}
  }));
  EXPECT_EQ(port.published.conference_properties["policy"], "microphone chat");
  ASSERT_THAT(port.to_bridge, testing::SizeIs(1));
  const auto& muted = port.to_bridge.front().modify.endpoints.at(0);
  EXPECT_EQ(muted.id, EndpointId("bb")) << "the host keeps its microphone";
  EXPECT_EQ(muted.force_mute, (colibri2::ForceMute{.audio = true}));
  EXPECT_REFUSED(room->on_mute(EndpointId("bb"), {.muted = false, .target = jid(std::string(kRoom) + "/bb")}),
                 ErrorCondition::not_allowed);
  ASSERT_TRUE(room->change_policy(EndpointId("aa"), {
                                                        {"chat",       true},
                                                        {"microphone", true}
  }));
  EXPECT_EQ(port.published.conference_properties.count("policy"), 0U);
}

// Invitations

// Focus checklist: 84, 85
TEST_F(RoomTest, NobodyIsInvitedAloneThenAllThenTheLaterOnes) {
  bridge_comes();
  open();
  joins("aa");
  clients_describe_themselves();
  EXPECT_THAT(port.take(), ElementsAre("discover aa", "owner aa aa@guest.d"));
  joins("bb");
  EXPECT_THAT(port.take(), ElementsAre("discover bb", "jvb1: create +aa"));
  clients_describe_themselves();
  EXPECT_THAT(port.take(), ElementsAre("jvb1: +bb"));
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("initiate aa", "initiate bb"));
  joins("cc");
  clients_describe_themselves();
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("discover cc", "jvb1: +cc", "initiate cc"));
  room->on_occupant(presence("aa", Affiliation::owner));
  room->on_occupant(presence("bb"));
  EXPECT_THAT(port.take(), IsEmpty()) << "presence alone invites nobody again";
}

// Focus checklist: 88
TEST_F(RoomTest, TheLastOnesSessionEndsAfter20SecondsAndStartsAgainWithTheNext) {
  call_of({"aa", "bb"});
  leaves("bb");
  EXPECT_THAT(port.take(), ElementsAre("jvb1: -bb"));
  run_for(19s);
  EXPECT_THAT(port.take(), Not(Contains(testing::HasSubstr("terminate"))));
  run_for(1s);
  EXPECT_THAT(port.take(), ElementsAre("terminate aa expired/Idle session timeout", "jvb1: expire"));
  EXPECT_FALSE(room->is_over());
  joins("cc");
  clients_describe_themselves();
  bridge_answers();
  EXPECT_THAT(port.take(),
              ElementsAre("discover cc", "jvb1: create +aa", "jvb1: +cc", "initiate aa", "initiate cc"));
}

// Focus checklist: 88
TEST_F(RoomTest, SomebodyWhoComesInTimeFindsTheLastOneInItsCall) {
  call_of({"aa", "bb"});
  leaves("bb");
  run_for(19s);
  port.take();
  joins("cc");
  run_for(20s);
  EXPECT_THAT(port.take(), Not(Contains(testing::HasSubstr("terminate"))));
}

// Focus checklist: 63, 64, 90
TEST_F(RoomTest, TheBridgeCountAndItsLackArePublished) {
  open();
  joins("aa");
  joins("bb");
  EXPECT_TRUE(port.published.bridge_not_available);
  clients_describe_themselves();
  port.take();
  bridge_comes();
  EXPECT_FALSE(port.published.bridge_not_available);
  EXPECT_THAT(port.published.conference_properties, Contains(Pair("bridge-count", "1")));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: create +aa", "jvb1: +bb"));
}

// Focus checklist: 30, 89, 109
TEST_F(RoomTest, LaterMembersStartMuted) {
  start({
      {"startAudioMuted", "1"    },
      {"startVideoMuted", "0"    },
      {"rtcstatsEnabled", "false"}
  });
  call_of({"aa", "bb"});
  EXPECT_EQ(offer_to("aa").start_audio_muted, false);
  EXPECT_EQ(offer_to("aa").start_video_muted, true);
  EXPECT_EQ(offer_to("bb").start_audio_muted, true);
  EXPECT_EQ(offer_to("bb").start_video_muted, true);
}

// Focus checklist: 29
TEST_F(RoomTest, StrangePropertiesChangeNothing) {
  start({
      {"startAudioMuted", "-1"  },
      {"startVideoMuted", "many"},
      {"colour",          "blue"}
  });
  call_of({"aa", "bb"});
  EXPECT_EQ(offer_to("bb").start_audio_muted, std::nullopt);
}

class TwoSenders : public RoomTest {
protected:
  TwoSenders() : RoomTest({.max_audio_senders = 2}) {}
  void talks(const std::string& nick) {
    auto talking = presence(nick);
    talking.sources = {
        {SourceName(nick + "-a0"), {.kind = MediaKind::audio, .muted = false}}
    };
    room->on_occupant(talking);
  }
};
// Focus checklist: 128
TEST_F(TwoSenders, MoreAreToldSoAndRefused) {
  call_of({"aa", "bb", "cc"});
  talks("aa");
  EXPECT_THAT(port.published.conference_properties, Not(Contains(Pair("audio-limit-reached", "true"))));
  talks("bb");
  EXPECT_THAT(port.published.conference_properties, Contains(Pair("audio-limit-reached", "true")));
  jingle::Jingle add = from("cc", Action::source_add);
  add.contents = {
      {.kind = jingle::ContentKind::audio, .name = "audio"}
  };
  add.contents[0].sources = {source(7, "cc-a1", "cc other")};
  EXPECT_REFUSED(says("cc", add), ErrorCondition::resource_constraint);
  joins("aa");
  EXPECT_TRUE(says("cc", add));
}

// Mute

class MuteTest : public RoomTest {
protected:
  MuteTest() {
    open();
    room->on_occupant(presence("aa", Affiliation::owner));
    joins("bb");
    joins("cc");
    port.take();
  }
  Calls::Answer mute(const std::string& who, const std::string& whom, bool muted = true) {
    return room->on_mute(EndpointId(who), {.muted = muted, .target = jid(kRoom + ("/" + whom))});
  }
};

// Focus checklist: 168, 170
TEST_F(MuteTest, AModeratorMutesAnother) {
  EXPECT_TRUE(mute("aa", "bb"));
  EXPECT_THAT(port.take(), ElementsAre("mute bb by aa"));
}

// Focus checklist: 168, 169
TEST_F(MuteTest, NobodyElseDoes) {
  EXPECT_REFUSED(mute("bb", "cc"), ErrorCondition::not_allowed);
  EXPECT_REFUSED(mute("bb", "aa"), ErrorCondition::not_allowed);
  EXPECT_REFUSED(mute("bb", "nobody"), ErrorCondition::not_allowed);
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 168
TEST_F(MuteTest, NobodyUnmutesOthers) {
  EXPECT_REFUSED(mute("aa", "bb", false), ErrorCondition::not_allowed);
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 169
TEST_F(MuteTest, OnesOwnMuteIsJustAnswered) {
  EXPECT_TRUE(mute("bb", "bb", false));
  EXPECT_TRUE(mute("bb", "bb", true));
  EXPECT_THAT(port.take(), IsEmpty());
}

TEST_F(MuteTest, StrangersAndStrangeTargets) {
  EXPECT_REFUSED(mute("nobody", "bb"), ErrorCondition::internal_server_error);
  EXPECT_REFUSED(mute("aa", "nobody"), ErrorCondition::internal_server_error);
  EXPECT_REFUSED(mute("aa", "focus"), ErrorCondition::internal_server_error);
  EXPECT_REFUSED(room->on_mute(EndpointId("aa"), {}), ErrorCondition::bad_request);
  EXPECT_REFUSED(room->on_mute(EndpointId("aa"), {.target = jid("other@conference.d/bb")}),
                 ErrorCondition::internal_server_error);
}

// Focus checklist: 190
TEST_F(RoomTest, KeepsCountAndForgetsAll) {
  call_of({"aa", "bb"});
  EXPECT_EQ(counters.participants_current.value(), 2);
  EXPECT_EQ(counters.conferences.value(), 1);
  leaves("aa");
  leaves("bb");
  room.reset();
  port.room = nullptr;
  EXPECT_EQ(counters.participants_current.value(), 0);
  EXPECT_EQ(counters.conferences.value(), 0);
  EXPECT_EQ(counters.participants.value(), 2U);
}

class SmallRoom : public RoomTest {
protected:
  SmallRoom() : RoomTest({.max_members = 2}) {}
};
// Focus checklist: 190
TEST_F(SmallRoom, TakesNoMoreMembersThanItMay) {
  open();
  joins("aa");
  joins("bb");
  joins("cc");
  EXPECT_EQ(room->size(), 2U);
}

}  // namespace
}  // namespace cloister::focus::room
