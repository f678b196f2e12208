// Invitations, Jingle, sources and the bridge, told as stories.
#include "focus/room/calls.h"

#include "unit/focus/room/room_fixture.h"

namespace cloister::focus::room {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using xmpp::ErrorCondition;

std::vector<std::string> names(const std::vector<xmpp::PayloadType>& types) {
  std::vector<std::string> all;
  for (const auto& type : types) all.push_back(type.name + "/" + std::to_string(type.id));
  return all;
}
std::vector<int> ids(const std::vector<xmpp::HeaderExtension>& extensions) {
  std::vector<int> all;
  for (const auto& extension : extensions) all.push_back(extension.id);
  return all;
}

class CallsTest : public RoomTest {
protected:
  // Everybody is in the room and described; the bridge has not answered.
  void allocating(std::vector<std::string> nicks) {
    bridge_comes();
    open();
    for (const std::string& nick : nicks) joins(nick);
    clients_describe_themselves();
    port.take();
  }
  jingle::Jingle with_session(jingle::Jingle message, std::optional<bool> restart = {},
                              std::string id = {}) const {
    if (id.empty()) id = offer_to("aa").bridge_session->id;
    message.bridge_session = {.id = std::move(id), .restart = restart};
    return message;
  }
};

// The allocation (H)

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
  EXPECT_THAT(names(endpoint.media[1].payload_types), ElementsAre("AV1/41", "VP8/100", "H264/107", "VP9/101",
                                                                  "rtx/42", "rtx/96", "rtx/99", "rtx/97"));
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

// The offer (F)

// Focus checklist: 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102
TEST_F(CallsTest, TheOffer) {
  allocating({"aa", "bb"});
  bridge_answers();
  const jingle::Jingle& offer = offer_to("aa");
  EXPECT_GE(offer.sid.size(), 13U) << "64 bits";
  EXPECT_NE(offer.sid, offer_to("bb").sid);
  EXPECT_EQ(offer.initiator, jid("focus@auth.d/focus"));
  EXPECT_TRUE(offer.responder.empty());
  ASSERT_EQ(offer.contents.size(), 3U);
  EXPECT_THAT(offer.bundle, ElementsAre("audio", "video", "data"));
  EXPECT_FALSE(offer.bridge_session->id.empty());
  EXPECT_EQ(offer.bridge_session->region, "eu");
  for (const jingle::Content& content : offer.contents) {
    SCOPED_TRACE(content.name);
    EXPECT_EQ(content.creator, "initiator");
    EXPECT_EQ(content.senders, "both");
    EXPECT_EQ(content.transport->ufrag, "ufrag");
    EXPECT_TRUE(content.transport->rtcp_mux);
    EXPECT_EQ(content.transport->fingerprints.at(0).setup, "actpass");
    EXPECT_EQ(content.transport->sctp_port.has_value(), content.name == "data");
    EXPECT_THAT(content.sources, IsEmpty()) << "they are in the JSON";
  }
  const jingle::Content& audio = offer.contents[0];
  const jingle::Content& video = offer.contents[1];
  EXPECT_THAT(names(audio.payload_types), ElementsAre("opus/111", "telephone-event/126"));
  EXPECT_THAT(audio.payload_types[0].parameters,
              ElementsAre(xmpp::Parameter{"minptime", "10"}, xmpp::Parameter{"useinbandfec", "1"},
                          xmpp::Parameter{"cbr", "1"}));
  EXPECT_THAT(audio.payload_types[0].feedback, ElementsAre(xmpp::RtcpFeedback{"transport-cc", ""}));
  EXPECT_THAT(names(video.payload_types), ElementsAre("AV1/41", "VP8/100", "H264/107", "VP9/101", "rtx/42",
                                                      "rtx/96", "rtx/99", "rtx/97"));
  EXPECT_THAT(video.payload_types[0].feedback,
              ElementsAre(xmpp::RtcpFeedback{"ccm", "fir"}, xmpp::RtcpFeedback{"nack", ""},
                          xmpp::RtcpFeedback{"nack", "pli"}, xmpp::RtcpFeedback{"transport-cc", ""}));
  EXPECT_THAT(video.payload_types[5].parameters, ElementsAre(xmpp::Parameter{"apt", "100"}));
  EXPECT_THAT(video.payload_types[2].parameters,
              ElementsAre(xmpp::Parameter{"profile-level-id",
                                          "42e01f;level-asymmetry-allowed=1;packetization-mode=1;"}));
  EXPECT_THAT(ids(audio.header_extensions), ElementsAre(1, 5));
  EXPECT_EQ(audio.header_extensions.front().uri,
            "urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:ssrc-audio-level");
  EXPECT_THAT(ids(video.header_extensions), ElementsAre(11, 3, 5)) << "and no sdes:mid";
  EXPECT_TRUE(audio.extmap_allow_mixed && video.extmap_allow_mixed);
  EXPECT_TRUE(audio.rtcp_mux && video.rtcp_mux);
}

// Focus checklist: 98
TEST_F(CallsTest, WebSocketUrlsArePassedOn) {
  allocating({"aa", "bb"});
  const auto asked = next_to_bridge();
  colibri2::ConferenceModified answer = allocated(asked.modify);
  answer.endpoints[0].transport->ice->web_sockets = {Personal<std::string>("wss://a"),
                                                     Personal<std::string>("wss://b")};
  room->calls().on_bridge_answer(asked.request, answer);
  EXPECT_EQ(offer_to("aa").contents[0].transport->web_sockets.size(), 2U);
}

// Focus checklist: 101
TEST(Offer, GoogRembOnlyWithoutTransportCc) {
  const auto media = offered_media({.rtx = true, .remb = true}, {});
  EXPECT_THAT(media[1].payload_types[0].feedback, Contains(xmpp::RtcpFeedback{"goog-remb", ""}));
  EXPECT_THAT(media[1].payload_types[0].feedback, Not(Contains(xmpp::RtcpFeedback{"transport-cc", ""})));
  EXPECT_THAT(ids(media[1].header_extensions), ElementsAre(11, 3));
  EXPECT_THAT(media[0].payload_types[0].feedback, IsEmpty());
}

// Focus checklist: 92
TEST(Offer, OnlyWhatTheClientCan) {
  EXPECT_EQ(offered_media({.video = false}, {}).size(), 1U);
  EXPECT_THAT(names(offered_media({.audio = false}, {}).at(0).payload_types),
              ElementsAre("AV1/41", "VP8/100", "H264/107", "VP9/101"));
}

// Focus checklist: 92
TEST_F(CallsTest, WithoutDataNoSctpIsAskedOrOffered) {
  bridge_comes();
  open();
  joins("aa");
  joins("bb");
  xmpp::DiscoInfo audio_only;
  audio_only.features = {"urn:xmpp:jingle:apps:rtp:audio", "http://jitsi.org/json-encoded-sources"};
  for (const auto& [client, request] : port.discoveries) room->on_discovered(client, request, &audio_only);
  EXPECT_FALSE(port.to_bridge.front().modify.endpoints[0].transport->sctp);
  bridge_answers();
  EXPECT_THAT(offer_to("aa").bundle, ElementsAre("audio"));
  EXPECT_THAT(offer_to("aa").json_sources->at("jvb").video, IsEmpty());
}

// Focus checklist: 104, 105, 107, 108
TEST_F(CallsTest, TheOfferNamesFeedbackAndOthersButNotOneself) {
  call_of({"aa", "bb"});
  joins("cc");
  clients_describe_themselves();
  bridge_answers();
  const auto& sources = *offer_to("cc").json_sources;
  ASSERT_EQ(sources.size(), 3U);
  EXPECT_THAT(ssrcs(sources.at("jvb").audio), ElementsAre(552));
  EXPECT_EQ(sources.at("jvb").audio[0].msid, "mixedmslabel mixedlabelaudio0");
  EXPECT_EQ(sources.at("jvb").video[0].msid, "mixedmslabel mixedlabelvideo0");
  EXPECT_EQ(sources.at("jvb").video[0].name, SourceName("jvb-v0"));
  EXPECT_THAT(ssrcs(sources.at("aa").video), ElementsAre(1001, 1004));
  EXPECT_THAT(ssrcs(sources.at("bb").audio), ElementsAre(2000));
}

// Focus checklist: 108
TEST_F(CallsTest, AClientWithoutJsonGetsTheSourcesAsElementsWithTheirOwners) {
  call_of({"aa", "bb"}, false, false);
  joins("cc");
  clients_describe_themselves(false, false);
  bridge_answers();
  const jingle::Jingle& offer = offer_to("cc");
  EXPECT_FALSE(offer.json_sources);
  EXPECT_THAT(offer.bundle, ElementsAre("audio", "video", "data"));
  EXPECT_THAT(ssrcs(offer.contents[0].sources), ElementsAre(1000, 2000, 552));
  EXPECT_THAT(ssrcs(offer.contents[1].sources), ElementsAre(1001, 1004, 2001, 2004, 551));
  EXPECT_EQ(offer.contents[0].sources[0].owner, "aa");
  EXPECT_EQ(offer.contents[0].sources[2].owner, "jvb");
  EXPECT_THAT(offer.contents[1].groups, ElementsAre(group("FID", {1001, 1004}), group("FID", {2001, 2004})));
}

// Focus checklist: 106
TEST_F(CallsTest, SsrcRewritingClientsHearOfFeedbackOnly) {
  call_of({"aa", "bb"}, true);
  EXPECT_EQ(offer_to("bb").json_sources->size(), 1U);
  jingle::Jingle remove = from("aa", Action::source_remove);
  remove.contents = sources_of("aa", 1000);
  EXPECT_TRUE(says("aa", remove));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~aa")) << "the bridge hears of it, the clients do not";
}

// Focus checklist: 102
TEST_F(CallsTest, AnOfferWithoutSourcesCarriesTheJsonAllTheSame) {
  allocating({"aa", "bb"});
  const auto asked = next_to_bridge();
  colibri2::ConferenceModified answer = allocated(asked.modify);
  answer.sources.clear();
  room->calls().on_bridge_answer(asked.request, answer);
  EXPECT_TRUE(offer_to("aa").json_sources);
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

// From clients (G)

// Focus checklist: 112, 113
TEST_F(CallsTest, OnlyTheOwnerOfASessionMaySpeakInIt) {
  call_of({"aa", "bb"});
  jingle::Jingle foreign = from("aa", Action::source_add);
  foreign.contents = sources_of("bb", 5000);
  EXPECT_REFUSED(says("bb", foreign), ErrorCondition::bad_request);
  jingle::Jingle invented = from("aa", Action::session_accept);
  invented.sid = "invented";
  EXPECT_REFUSED(says("aa", invented), ErrorCondition::bad_request);
  invented.sid.clear();
  EXPECT_REFUSED(says("aa", invented), ErrorCondition::bad_request);
  EXPECT_REFUSED(says("stranger", from("aa", Action::session_accept)), ErrorCondition::bad_request);
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 114, 115, 116, 117, 119
TEST_F(CallsTest, AnAcceptedOfferReachesBridgeAndOthersAtOnce) {
  bridge_comes();
  open();
  joins("aa");
  joins("bb");
  clients_describe_themselves();
  bridge_answers();
  ASSERT_TRUE(accepts("aa", 1000));
  const auto update = next_to_bridge();
  const colibri2::Endpoint& endpoint = update.modify.endpoints.at(0);
  EXPECT_FALSE(endpoint.create);
  EXPECT_EQ(endpoint.transport->ice->ufrag, "aa");
  ASSERT_EQ(endpoint.sources->size(), 2U);
  EXPECT_EQ(endpoint.sources->at(0).id, SourceName("aa-a0"));
  EXPECT_EQ(endpoint.sources->at(1).id, SourceName("aa-v0"));
  EXPECT_THAT(ssrcs(endpoint.sources->at(1).sources), ElementsAre(1001, 1002, 1003, 1004, 1005, 1006));
  EXPECT_EQ(endpoint.sources->at(1).groups.size(), 4U);
  EXPECT_EQ(endpoint.sources->at(1).sources[0].msid, "") << "§5.3: no msid";

  port.take();
  ASSERT_TRUE(accepts("bb", 2000));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~bb", "source-add bb", "source-add aa"))
      << "bb is told what aa brought meanwhile, and aa of bb";
  const auto& told = last_to("aa").json_sources;
  EXPECT_THAT(ssrcs(told->at("bb").video), ElementsAre(2001, 2004));
  EXPECT_EQ(last_to("aa").sid, offer_to("aa").sid);
}

TEST_F(CallsTest, InitialLastNGoesToTheBridge) {
  allocating({"aa", "bb"});
  bridge_answers();
  jingle::Jingle accept = from("aa", Action::session_accept);
  accept.contents = sources_of("aa", 1000);
  accept.contents[1].transport = xmpp::IceUdpTransport{.ufrag = "later content"};
  accept.contents[1].initial_last_n = 5;
  EXPECT_TRUE(says("aa", accept));
  EXPECT_EQ(port.to_bridge.front().modify.endpoints[0].initial_last_n, 5);
  EXPECT_EQ(port.to_bridge.front().modify.endpoints[0].transport->ice->ufrag, "later content");
}

TEST_F(CallsTest, BadSourcesInAnAcceptEndTheSession) {
  call_of({"aa", "bb"});
  joins("cc");
  clients_describe_themselves();
  bridge_answers();
  port.take();
  EXPECT_REFUSED(accepts("cc", 1000), ErrorCondition::bad_request);
  EXPECT_THAT(port.take(), ElementsAre("jvb1: -cc"));
}

TEST_F(CallsTest, AnAcceptWithoutTransportOrTwiceIsRefused) {
  allocating({"aa", "bb"});
  bridge_answers();
  EXPECT_REFUSED(says("aa", from("aa", Action::session_accept)), ErrorCondition::bad_request);
  EXPECT_TRUE(accepts("aa", 1000));
  EXPECT_REFUSED(accepts("aa", 2000), ErrorCondition::bad_request);
}

// Focus checklist: 117
TEST_F(CallsTest, ChangesForPendingSessionsWaitAndCancelOut) {
  call_of({"aa", "bb"});
  joins("cc");
  clients_describe_themselves();
  bridge_answers();
  jingle::Jingle add = from("aa", Action::source_add);
  add.contents = {
      {.kind = jingle::ContentKind::video, .name = "video"}
  };
  add.contents[0].sources = {source(9001, "aa-v1", "aa-screen v")};
  ASSERT_TRUE(says("aa", add));
  jingle::Jingle stop_sharing = add;
  stop_sharing.action = Action::source_remove;
  jingle::Jingle camera_off = from("bb", Action::source_remove);
  camera_off.contents = sources_of("bb", 2000);
  ASSERT_TRUE(says("aa", stop_sharing));
  ASSERT_TRUE(says("bb", camera_off));
  ASSERT_TRUE(says("aa", add));
  bridge_answers();
  port.take();
  ASSERT_TRUE(accepts("cc", 3000));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~cc", "source-remove cc", "source-add cc", "source-add aa",
                                       "source-add bb"));
  const auto& added = *last_to("cc").json_sources;
  EXPECT_THAT(ssrcs(added.at("aa").video), ElementsAre(9001));
  EXPECT_FALSE(added.contains("bb"));
}

// Focus checklist: 117
TEST_F(CallsTest, NobodyIsToldOfSomebodyWhoLeftMeanwhile) {
  allocating({"aa", "bb", "cc"});
  bridge_answers();
  ASSERT_TRUE(accepts("aa", 1000));
  leaves("aa");
  port.take();
  ASSERT_TRUE(accepts("bb", 2000));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~bb"));
}

// Focus checklist: 118, 119
TEST_F(CallsTest, SourceAddAndRemoveGoToBridgeAndOthers) {
  call_of({"aa", "bb"});
  jingle::Jingle add = from("aa", Action::source_add);
  add.contents = {
      {.kind = jingle::ContentKind::video, .name = "video"}
  };
  add.contents[0].sources = {source(9001, "aa-v1", "aa-screen v")};
  add.contents[0].sources[0].video_type = xmpp::VideoType::desktop;
  EXPECT_TRUE(says("aa", add));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~aa", "source-add bb"));
  EXPECT_EQ(next_to_bridge().modify.endpoints[0].sources->size(), 3U) << "the whole set";
  EXPECT_EQ(last_to("bb").json_sources->at("aa").video[0].video_type, xmpp::VideoType::desktop);

  EXPECT_REFUSED(says("aa", add), ErrorCondition::bad_request);
  EXPECT_THAT(port.take(), IsEmpty());

  add.action = Action::source_remove;
  EXPECT_TRUE(says("aa", add));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~aa", "source-remove bb"));
  EXPECT_EQ(next_to_bridge().modify.endpoints[0].sources->size(), 2U);
  EXPECT_REFUSED(says("aa", add), ErrorCondition::bad_request);
}

TEST_F(CallsTest, EmptySourceChangesAreJustAnswered) {
  call_of({"aa", "bb"});
  EXPECT_TRUE(says("aa", from("aa", Action::source_add)));
  EXPECT_TRUE(says("aa", from("aa", Action::source_remove)));
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 129
TEST_F(CallsTest, TransportInfoGoesToTheBridge) {
  call_of({"aa", "bb"});
  EXPECT_REFUSED(says("aa", from("aa", Action::transport_info)), ErrorCondition::bad_request);
  jingle::Jingle info = from("aa", Action::transport_info);
  info.contents = {{.name = "audio"}};
  info.contents[0].transport = xmpp::IceUdpTransport{.ufrag = "new", .ice_generation = 2};
  EXPECT_TRUE(says("aa", info));
  const auto update = next_to_bridge();
  EXPECT_EQ(update.modify.endpoints[0].transport->ice->ice_generation, 2U);
  EXPECT_FALSE(update.modify.endpoints[0].sources) << "absent: unchanged";
}

// Focus checklist: 130, 147
TEST_F(CallsTest, ALeaverIsExpiredAndTheOthersAreNotTold) {
  call_of({"aa", "bb", "cc"});
  leaves("bb");
  EXPECT_THAT(port.take(), ElementsAre("jvb1: -bb"));
}

// Focus checklist: 131, 136
TEST_F(CallsTest, APlainTerminationEndsTheMediaOfOneWhoStays) {
  call_of({"aa", "bb", "cc"});
  EXPECT_TRUE(says("aa", from("aa", Action::session_terminate)));
  EXPECT_THAT(port.take(), ElementsAre("source-remove bb", "source-remove cc", "jvb1: -aa"));
  joins("dd");
  EXPECT_THAT(port.take(), ElementsAre("discover dd")) << "not invited again";
  EXPECT_EQ(room->size(), 4U);
}

// Focus checklist: 132
TEST_F(CallsTest, FailedIceIsAReinvitationIfItIsThisSession) {
  call_of({"aa", "bb"});
  jingle::Jingle failed = with_session(from("aa", Action::session_info));
  failed.ice_state = "failed";
  jingle::Jingle old = failed;
  old.bridge_session->id = "an older one";
  EXPECT_TRUE(says("aa", old));
  jingle::Jingle unnamed = failed;
  unnamed.bridge_session.reset();
  EXPECT_TRUE(says("aa", unnamed));
  jingle::Jingle fine = failed;
  fine.ice_state = "connected";
  EXPECT_TRUE(says("aa", fine));
  EXPECT_THAT(port.take(), IsEmpty());
  const std::string old_sid = offer_to("aa").sid;
  EXPECT_TRUE(says("aa", failed));
  EXPECT_THAT(port.take(),
              ElementsAre("terminate aa success/moving", "source-remove bb", "jvb1: -aa", "jvb1: +aa"));
  bridge_answers();
  EXPECT_NE(offer_to("aa").sid, old_sid);
}

// Focus checklist: 133
TEST_F(CallsTest, ARestartBringsANewSessionWithoutATermination) {
  call_of({"aa", "bb"});
  const std::string old_sid = offer_to("aa").sid;
  EXPECT_TRUE(says("aa", with_session(from("aa", Action::session_terminate), true)));
  EXPECT_THAT(port.take(), ElementsAre("source-remove bb", "jvb1: -aa", "jvb1: +aa"))
      << "the offer waits for the bridge, so the answer to this IQ is out first";
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("initiate aa"));
  EXPECT_NE(offer_to("aa").sid, old_sid);
  EXPECT_TRUE(accepts("aa", 1000)) << "the same sources are welcome again";
}

// Focus checklist: 134
TEST_F(CallsTest, AWrongBridgeSessionLeavesTheCallAlone) {
  call_of({"aa", "bb"});
  EXPECT_REFUSED(says("aa", with_session(from("aa", Action::session_terminate), true, "wrong")),
                 ErrorCondition::item_not_found);
  EXPECT_THAT(port.take(), IsEmpty());
  EXPECT_TRUE(says("aa", from("aa", Action::source_add)));
}

// Focus checklist: 135
TEST_F(CallsTest, TooManyRestartsAreRefused) {
  call_of({"aa", "bb"});
  const auto restart = [this] {
    auto answer = says("aa", with_session(from("aa", Action::session_terminate), true));
    bridge_answers();
    return answer;
  };
  EXPECT_TRUE(restart());
  run_for(4s);
  EXPECT_REFUSED(restart(), ErrorCondition::resource_constraint);
}

// Focus checklist: 138
TEST_F(CallsTest, WhatIsNotDoneIsSaid) {
  call_of({"aa", "bb"});
  EXPECT_REFUSED(says("aa", from("aa", Action::unknown)), ErrorCondition::feature_not_implemented);
  EXPECT_REFUSED(says("aa", from("aa", Action::session_initiate)), ErrorCondition::feature_not_implemented);
  EXPECT_TRUE(says("aa", from("aa", Action::transport_reject)));
  jingle::Jingle no_action = from("aa", Action::unknown);
  no_action.action_text.clear();
  EXPECT_REFUSED(says("aa", no_action), ErrorCondition::bad_request);
}

// ICE restart in place (protocol/focus.md §4.8)

class IceRestartTest : public CallsTest {
protected:
  Calls::Answer asks(std::string id = {}) {
    jingle::Jingle info = with_session(from("aa", Action::session_info), {}, std::move(id));
    info.bridge_session->ice_restart = true;
    return says("aa", info);
  }
  void bridge_says(std::optional<xmpp::IceUdpTransport> transport) {
    const auto asked = next_to_bridge();
    EXPECT_TRUE(asked.modify.endpoints.at(0).transport->ice_restart);
    colibri2::ConferenceModified answer;
    answer.endpoints.push_back({.id = EndpointId("aa")});
    if (transport) answer.endpoints[0].transport.emplace().ice = std::move(transport);
    room->calls().on_bridge_answer(asked.request, answer);
  }
  static xmpp::IceUdpTransport generation(std::uint32_t number) {
    return {.ufrag = "new", .pwd = "new-password", .ice_generation = number};
  }
};

// Focus checklist: 137
TEST_F(IceRestartTest, TheClientIsToldTheBridgesNewCredentialsAndTheBridgeTheClients) {
  call_of({"aa", "bb"});
  EXPECT_TRUE(asks());
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~aa"));
  bridge_says(generation(1));
  EXPECT_THAT(port.take(), ElementsAre("transport-info aa"));
  const jingle::Jingle& told = last_to("aa");
  EXPECT_EQ(told.sid, offer_to("aa").sid);
  ASSERT_EQ(told.contents.size(), 1U);
  EXPECT_EQ(told.contents[0].name, "audio");
  EXPECT_EQ(told.contents[0].creator, "initiator");
  EXPECT_FALSE(told.contents[0].has_description);
  EXPECT_EQ(told.contents[0].transport->ufrag, "new");
  EXPECT_EQ(told.contents[0].transport->ice_generation, 1U);

  jingle::Jingle reply = from("aa", Action::transport_info);
  reply.contents = {{.name = "audio"}};
  reply.contents[0].transport = generation(1);
  EXPECT_TRUE(says("aa", reply));
  EXPECT_EQ(next_to_bridge().modify.endpoints[0].transport->ice->ice_generation, 1U);
}

TEST_F(IceRestartTest, ABridgeThatCannotMeansANewSession) {
  call_of({"aa", "bb"});
  EXPECT_TRUE(asks());
  port.take();
  bridge_says({});
  EXPECT_THAT(port.take(),
              ElementsAre("terminate aa success/moving", "source-remove bb", "jvb1: -aa", "jvb1: +aa"));
}

TEST_F(IceRestartTest, ABridgeThatKeptItsAgentAndAnOldGenerationAreNoNews) {
  call_of({"aa", "bb"});
  EXPECT_TRUE(asks());
  port.take();
  bridge_says(xmpp::IceUdpTransport{.ufrag = "as before", .pwd = "as before"});
  EXPECT_THAT(port.take(), IsEmpty());
  run_for(6s);
  EXPECT_TRUE(asks());
  bridge_says(generation(2));
  run_for(6s);
  EXPECT_TRUE(asks());
  port.take();
  bridge_says(generation(2));
  EXPECT_THAT(port.take(), IsEmpty());
}

TEST_F(IceRestartTest, AnAnswerForAnEndedCallIsNobodys) {
  call_of({"aa", "bb", "cc"});
  EXPECT_TRUE(asks());
  EXPECT_TRUE(says("aa", from("aa", Action::session_terminate)));
  port.take();
  bridge_says(generation(1));
  EXPECT_THAT(port.take(), IsEmpty());
}

TEST_F(IceRestartTest, RestartsAreCountedApartAndWrongSessionsRefused) {
  call_of({"aa", "bb"});
  EXPECT_REFUSED(asks("wrong"), ErrorCondition::item_not_found);
  EXPECT_TRUE(asks());
  EXPECT_REFUSED(asks(), ErrorCondition::resource_constraint);
  EXPECT_TRUE(says("aa", with_session(from("aa", Action::session_terminate), true)))
      << "a restart of the session has a budget of its own";
}

TEST_F(CallsTest, WhatIsSaidInAnEndedSessionDoesNoHarm) {
  call_of({"aa", "bb"});
  jingle::Jingle late = from("aa", Action::session_accept);
  late.contents = sources_of("aa", 1000);
  late.contents[0].transport.emplace();
  bridge_leaves();
  bridge_comes();
  port.take();
  EXPECT_REFUSED(says("aa", late), ErrorCondition::gone);
  late.action = Action::source_add;
  EXPECT_REFUSED(says("aa", late), ErrorCondition::item_not_found);
  late.action = Action::transport_info;
  EXPECT_TRUE(says("aa", late));
  late.action = Action::session_terminate;
  EXPECT_TRUE(says("aa", late)) << "a refusal would make the client reload";
  EXPECT_THAT(port.take(), IsEmpty());
}

// The bridge's failures (H, I)

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

// Focus checklist: 139, 149, 158, 162
TEST_F(CallsTest, ALostBridgeMovesEverybodyToAnother) {
  call_of({"aa", "bb"});
  bridge_comes("jvb2");
  EXPECT_THAT(port.take(), IsEmpty());
  const std::string old_session = offer_to("aa").bridge_session->id;
  bridge_leaves("jvb1");
  EXPECT_THAT(port.take(), ElementsAre("terminate aa success/moving", "terminate bb success/moving",
                                       "jvb1: expire", "jvb2: create +aa", "jvb2: +bb"));
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("initiate aa", "initiate bb"));
  EXPECT_NE(offer_to("aa").bridge_session->id, old_session);
  EXPECT_TRUE(accepts("aa", 1000));
}

// Focus checklist: 162
TEST_F(CallsTest, WithoutAnotherBridgeTheyWait) {
  call_of({"aa", "bb"});
  bridge_leaves();
  EXPECT_TRUE(port.published.bridge_not_available);
  port.take();
  bridge_comes();
  EXPECT_THAT(port.take(), ElementsAre("jvb1: create +aa", "jvb1: +bb"));
  EXPECT_FALSE(port.published.bridge_not_available);
}

// Focus checklist: 149
TEST_F(CallsTest, AnAllocationThatTimesOutAvoidsTheBridge) {
  bridge_comes("jvb2");
  allocating({"aa", "bb"});
  bridge_refuses({.origin = xmpp::StanzaError::Origin::timeout});
  EXPECT_THAT(port.take(), ElementsAre("jvb1: expire", "jvb2: create +aa", "jvb2: +bb"));
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("initiate aa", "initiate bb")) << "bb's first allocation was dropped";
}

// Focus checklist: 149
TEST_F(CallsTest, ALostConferenceIsMadeAgain) {
  call_of({"aa", "bb"});
  EXPECT_TRUE(says("aa", with_session(from("aa", Action::session_terminate), true)));
  port.take();
  next_to_bridge();
  bridge_refuses({
      .condition = ErrorCondition::item_not_found,
      .colibri = colibri2::Error{colibri2::ErrorReason::conference_not_found, {}}
  });
  EXPECT_THAT(port.take(),
              ElementsAre("terminate bb success/moving", "jvb1: expire", "jvb1: create +aa", "jvb1: +bb"));
}

// Focus checklist: 150
TEST_F(CallsTest, ABadRequestIsNotRepeated) {
  allocating({"aa", "bb"});
  bridge_refuses({.condition = ErrorCondition::bad_request});
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("jvb1: -aa", "initiate bb"));
  joins("cc");
  EXPECT_THAT(port.take(), ElementsAre("discover cc"));
}

// Focus checklist: 151
TEST_F(CallsTest, AnEndpointTheBridgeLostIsInvitedAlone) {
  call_of({"aa", "bb"});
  jingle::Jingle remove = from("aa", Action::source_remove);
  remove.contents = sources_of("aa", 1000);
  ASSERT_TRUE(says("aa", remove));
  port.take();
  bridge_refuses({
      .condition = ErrorCondition::item_not_found,
      .colibri = colibri2::Error{colibri2::ErrorReason::unknown_endpoint, EndpointId("aa")}
  });
  EXPECT_THAT(port.take(), ElementsAre("terminate aa success/moving", "jvb1: -aa", "jvb1: +aa"));
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

// Focus checklist: 152
TEST_F(CallsTest, AnswersToNobodysQuestionAreIgnored) {
  call_of({"aa", "bb"});
  room->calls().on_bridge_answer(999999, colibri2::ConferenceModified{});
  room->calls().on_features(999999, Features{});
  room->calls().on_jingle_answer(EndpointId("nobody"), "x", Action::session_initiate, {});
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 152
TEST_F(CallsTest, WhatABridgeSaysOfAnEarlierSessionIsIgnored) {
  call_of({"aa", "bb"});
  jingle::Jingle remove = from("aa", Action::source_remove);
  remove.contents = sources_of("aa", 1000);
  ASSERT_TRUE(says("aa", remove));
  const auto update = next_to_bridge();
  bridge_leaves();
  bridge_comes();
  bridge_answers();
  port.take();
  room->calls().on_bridge_answer(update.request, fail(xmpp::StanzaError{}));
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 153
TEST_F(CallsTest, AQuarrelWithTheBridgeIsNotEndless) {
  bridge_comes();
  open();
  joins("aa");
  joins("bb");
  clients_describe_themselves();
  int asked = 0;
  const auto quarrel = [&] {
    while (!port.to_bridge.empty()) {
      asked += port.to_bridge.front().modify.expire ? 0 : 1;
      bridge_refuses({.condition = ErrorCondition::conflict});
    }
  };
  quarrel();
  EXPECT_LE(asked, 20) << "ten invitations each";
  const int before = asked;
  run_for(59s);
  quarrel();
  EXPECT_EQ(asked, before);
  run_for(1s);
  EXPECT_FALSE(port.to_bridge.empty()) << "a minute later it is tried again";
}

TEST_F(CallsTest, ACallOfNewcomersMovesOffABridgeThatFailed) {
  call_of({"aa", "bb"});
  bridge_comes("jvb2");
  bridges.mark_failed(bridge("jvb1"));
  joins("cc");
  clients_describe_themselves();
  EXPECT_THAT(port.take(),
              ElementsAre("discover cc", "terminate aa success/moving", "terminate bb success/moving",
                          "jvb1: expire", "jvb2: create +aa", "jvb2: +bb", "jvb2: +cc"));
}

TEST_F(CallsTest, AFailedBridgeWithoutAnotherKeepsWhomItHas) {
  call_of({"aa", "bb"});
  bridges.mark_failed(bridge("jvb1"));
  joins("cc");
  clients_describe_themselves();
  EXPECT_THAT(port.take(), ElementsAre("discover cc"));
  EXPECT_TRUE(port.published.bridge_not_available);
}

}  // namespace
}  // namespace cloister::focus::room
