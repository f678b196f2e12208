// Invitations up to the offer: whom and what the bridge is asked for, and what becomes of its answers.
#include "unit/focus/room/calls_fixture.h"

namespace cloister::focus::room {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using xmpp::ErrorCondition;

// Focus checklist: 97, 140, 141, 142, 143, 145
TEST_F(CallsTest, AsksTheBridgeForWhatIsOffered) {
  allocating({"aa", "bb"});
  const auto first = next_to_bridge();
  const auto second = next_to_bridge();
  EXPECT_EQ(first.modify.meeting_id, MeetingId("meeting-1"));
  EXPECT_EQ(second.modify.meeting_id, MeetingId("meeting-1"));
  EXPECT_TRUE(first.modify.create);
  EXPECT_EQ(first.modify.name->expose(), kRoom);
  EXPECT_FALSE(second.modify.create) << "although the first is not answered yet";
  EXPECT_FALSE(second.modify.name);
  EXPECT_TRUE(first.modify.rtcstats_enabled);

  const colibri2::Endpoint& endpoint = first.modify.endpoints.at(0);
  EXPECT_THAT(endpoint.capabilities, ElementsAre("source-names"));
  EXPECT_TRUE(endpoint.transport->ice_controlling);
  EXPECT_TRUE(endpoint.transport->sctp);
  EXPECT_FALSE(endpoint.transport->sctp->port);
  EXPECT_TRUE(endpoint.sources && endpoint.sources->empty());
  EXPECT_FALSE(endpoint.force_mute);
  ASSERT_EQ(endpoint.media.size(), 2U);
  EXPECT_THAT(names(endpoint.media[0].payload_types), ElementsAre("opus/111", "telephone-event/126"));
  EXPECT_THAT(names(endpoint.media[1].payload_types), ElementsAre("AV1/41", "VP9/101", "VP8/100", "H264/107",
                                                                  "rtx/42", "rtx/97", "rtx/96", "rtx/99"));
}

// Focus checklist: 143
TEST_F(CallsTest, SsrcRewritingIsSaidToTheBridgeExactlyWhenItIsDone) {
  bridge_comes();
  open();
  joins("aa");
  joins("bb");
  clients_describe_themselves(true);
  EXPECT_THAT(next_to_bridge().modify.endpoints.at(0).capabilities,
              ElementsAre("source-names", "ssrc-rewriting"));
}

// Focus checklist: 30
TEST_F(CallsTest, TheBridgeIsToldToKeepNoStatistics) {
  start({
      {"rtcstatsEnabled", "false"}
  });
  allocating({"aa", "bb"});
  EXPECT_FALSE(next_to_bridge().modify.rtcstats_enabled);
}

TEST_F(CallsTest, FeedbackSourcesCountFromWhicheverAnswerComesFirst) {
  allocating({"aa", "bb"});
  const auto first = next_to_bridge();
  const auto second = next_to_bridge();
  room->calls().on_bridge_answer(second.request, allocated(second.modify));
  EXPECT_TRUE(offer_to("bb").json_sources->contains("jvb"));
  colibri2::ConferenceModified late = allocated(first.modify);
  late.sources.clear();
  room->calls().on_bridge_answer(first.request, late);
  EXPECT_TRUE(offer_to("aa").json_sources->contains("jvb")) << "and are kept when another has none";
}

// Focus checklist: 81, 82
TEST_F(CallsTest, WhoDoesNotAnswerGetsTheDefault) {
  bridge_comes();
  open();
  joins("aa");
  joins("bb");
  for (const auto& [client, request] : port.discoveries) room->on_discovered(client, request, nullptr);
  bridge_answers();
  EXPECT_THAT(offer_to("aa").bundle, ElementsAre("audio", "video", "data"));
  EXPECT_FALSE(offer_to("aa").json_sources);
}

// Focus checklist: 81
TEST_F(CallsTest, AKnownCapsHashIsNotAskedAgain) {
  bridge_comes();
  open();
  auto first = presence("aa");
  first.caps = xmpp::make_caps("https://jitsi.org/jitsi-meet", capable(true));
  room->on_occupant(first);
  clients_describe_themselves(true);
  port.take();
  auto second = presence("bb");
  second.caps = first.caps;
  room->on_occupant(second);
  EXPECT_THAT(port.take(), ElementsAre("jvb1: create +aa", "jvb1: +bb"));
}

// Focus checklist: 110
TEST_F(CallsTest, AnErrorToTheOfferEndsTheSession) {
  call_of({"aa", "bb"});
  joins("cc");
  clients_describe_themselves();
  bridge_answers();
  port.take();
  room->calls().on_jingle_answer(EndpointId("cc"), offer_to("cc").sid, Action::session_initiate,
                                 {.condition = ErrorCondition::service_unavailable});
  EXPECT_THAT(port.take(), ElementsAre("terminate cc general-error/jingle session failed", "jvb1: -cc"));
  joins("dd");
  EXPECT_THAT(port.take(), ElementsAre("discover dd")) << "no automatic retry";
}

// Focus checklist: 111
TEST_F(CallsTest, SilenceToTheOfferIsNoFailure) {
  allocating({"aa", "bb"});
  bridge_answers();
  port.take();
  room->calls().on_jingle_answer(EndpointId("aa"), offer_to("aa").sid, Action::session_initiate,
                                 {.origin = xmpp::StanzaError::Origin::timeout});
  EXPECT_THAT(port.take(), IsEmpty());
  EXPECT_TRUE(accepts("aa", 1000));
}

// Focus checklist: 87, 152
TEST_F(CallsTest, AMemberThatLeavesDuringAllocationIsExpired) {
  allocating({"aa", "bb", "cc"});
  leaves("bb");
  EXPECT_THAT(port.take(), ElementsAre("jvb1: -bb"));
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("initiate aa", "initiate cc"));
}

// Focus checklist: 90
TEST_F(CallsTest, WithoutABridgeEverybodyWaitsForTheFirst) {
  open();
  joins("aa");
  joins("bb");
  clients_describe_themselves();
  EXPECT_THAT(port.take(), Each(Not(HasSubstr("+"))));
  bridge_comes();
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("jvb1: create +aa", "jvb1: +bb", "initiate aa", "initiate bb"));
}

// Focus checklist: 145, 146
TEST_F(CallsTest, AnAnswerWithoutTransportOrSctpPortFailsTheInvitation) {
  allocating({"aa", "bb", "cc"});
  for (const bool without_transport : {true, false}) {
    const auto asked = next_to_bridge();
    colibri2::ConferenceModified answer = allocated(asked.modify);
    if (without_transport)
      answer.endpoints[0].transport->ice.reset();
    else
      answer.endpoints[0].transport->sctp.reset();
    room->calls().on_bridge_answer(asked.request, answer);
  }
  EXPECT_THAT(port.take(), ElementsAre("jvb1: -aa", "jvb1: -bb"));
}

// Focus checklist: 86
TEST_F(CallsTest, TheRoomGoesOnWhileClientsAndBridgeAreAsked) {
  bridge_comes();
  open();
  joins("aa");
  joins("bb");
  joins("cc");
  leaves("bb");
  EXPECT_THAT(port.take(), ElementsAre("discover aa", "owner aa aa@guest.d", "discover bb", "discover cc"))
      << "nobody has described itself";
  clients_describe_themselves();
  joins("dd");
  leaves("aa");
  clients_describe_themselves();
  EXPECT_THAT(port.take(), ElementsAre("jvb1: create +aa", "jvb1: +cc", "discover dd", "jvb1: -aa",
                                       "owner cc cc@guest.d", "jvb1: +dd"))
      << "and the bridge has not answered";
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("initiate cc", "initiate dd"));
}

// Focus checklist: 148
TEST_F(CallsTest, SeveralAreMutedInOneRequestThatSaysNothingElse) {
  call_of({"aa", "bb", "cc"});
  room->calls().force_mute({
      {EndpointId("aa"), {.audio = true}},
      {EndpointId("cc"), {.video = true}}
  });
  ASSERT_EQ(port.to_bridge.size(), 1U);
  const auto asked = next_to_bridge().modify;
  ASSERT_EQ(asked.endpoints.size(), 2U);
  for (const auto& endpoint : asked.endpoints) {
    EXPECT_TRUE(endpoint.force_mute);
    EXPECT_FALSE(endpoint.create || endpoint.expire || endpoint.sources || endpoint.transport);
  }
  leaves("aa");
  const auto gone = next_to_bridge().modify;
  ASSERT_EQ(gone.endpoints.size(), 1U);
  EXPECT_TRUE(gone.endpoints[0].expire);
  EXPECT_FALSE(gone.endpoints[0].force_mute);
}

class MinimumOf : public CallsTest {};
// Focus checklist: 84
TEST_F(MinimumOf, OneIsInvitedAloneWhereTheSettingsSaySo) {
  settings.min_participants = 1;
  bridge_comes();
  open();
  joins("aa");
  clients_describe_themselves();
  bridge_answers();
  EXPECT_THAT(port.take(), testing::Contains("initiate aa"));
}
// Focus checklist: 84
TEST_F(MinimumOf, ThreeAreWaitedFor) {
  settings.min_participants = 3;
  bridge_comes();
  open();
  joins("aa");
  joins("bb");
  clients_describe_themselves();
  EXPECT_THAT(port.take(), Each(Not(HasSubstr("jvb1"))));
  joins("cc");
  clients_describe_themselves();
  bridge_answers();
  EXPECT_THAT(port.take(), testing::IsSupersetOf({"initiate aa", "initiate bb", "initiate cc"}));
}

}  // namespace
}  // namespace cloister::focus::room
