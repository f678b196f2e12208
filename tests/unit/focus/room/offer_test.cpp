// What a client is offered.
#include "unit/focus/room/calls_fixture.h"

namespace cloister::focus::room {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

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
  EXPECT_THAT(names(video.payload_types), ElementsAre("AV1/41", "VP9/101", "VP8/100", "H264/107", "rtx/42",
                                                      "rtx/97", "rtx/96", "rtx/99"));
  EXPECT_THAT(video.payload_types[0].feedback,
              ElementsAre(xmpp::RtcpFeedback{"ccm", "fir"}, xmpp::RtcpFeedback{"nack", ""},
                          xmpp::RtcpFeedback{"nack", "pli"}, xmpp::RtcpFeedback{"transport-cc", ""}));
  EXPECT_THAT(video.payload_types[6].parameters, ElementsAre(xmpp::Parameter{"apt", "100"}));
  EXPECT_THAT(video.payload_types[3].parameters,
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
              ElementsAre("AV1/41", "VP9/101", "VP8/100", "H264/107"));
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

// Focus checklist: 100
TEST(Offer, RedundantAudioComesFirstForThoseWhoAskForIt) {
  const auto audio = offered_media({.opus_red = true}, {}).at(0);
  EXPECT_THAT(names(audio.payload_types), ElementsAre("red/112", "opus/111", "telephone-event/126"));
  EXPECT_THAT(audio.payload_types[0].parameters, ElementsAre(xmpp::Parameter{"", "111/111"}));
  EXPECT_THAT(names(offered_media({}, {}).at(0).payload_types), Not(Contains("red/112")));
  EXPECT_THAT(names(offered_media({.opus_red = true}, {.redundant_audio = false}).at(0).payload_types),
              Not(Contains("red/112")));
}

TEST(Offer, AudioIsConstantInItsRateAndNeverPauses) {
  const auto opus = offered_media({}, {}).at(0).payload_types.at(0);
  EXPECT_THAT(opus.parameters, Contains(xmpp::Parameter{"cbr", "1"}));
  EXPECT_THAT(opus.parameters, Not(Contains(testing::Field(&xmpp::Parameter::name, "usedtx"))));
  const auto varying = offered_media({}, {.constant_bitrate_audio = false}).at(0).payload_types.at(0);
  EXPECT_THAT(varying.parameters, Not(Contains(testing::Field(&xmpp::Parameter::name, "cbr"))));
}

TEST(Offer, HasTheCodecsThatTheOperatorWants) {
  const auto video = offered_media(
                         {
                             .rtx = true
  },
                         {.video_codecs = {VideoCodec::h264, VideoCodec::vp8}})
                         .at(1);
  EXPECT_THAT(names(video.payload_types), ElementsAre("H264/107", "VP8/100", "rtx/99", "rtx/96"));
}

TEST_F(CallsTest, WhatTheClientDoesNotAnswerTheBridgeDoesNotSend) {
  allocating({"aa", "bb"});
  bridge_answers();
  const jingle::Jingle offer = offer_to("aa");
  jingle::Jingle accept = from("aa", Action::session_accept);
  accept.contents = sources_of("aa", 1000);
  accept.contents[0].transport.emplace();
  for (int i : {0, 1}) {
    accept.contents[i].payload_types = offer.contents[i].payload_types;
    accept.contents[i].header_extensions = offer.contents[i].header_extensions;
  }
  std::erase_if(accept.contents[0].header_extensions, [](const auto& one) { return one.id == 1; });
  ASSERT_TRUE(says("aa", accept));
  const auto media = next_to_bridge().modify.endpoints.at(0).media;
  ASSERT_EQ(media.size(), 1U);
  EXPECT_EQ(media[0].kind, MediaKind::audio);
  EXPECT_THAT(media[0].payload_types, IsEmpty());
  ASSERT_THAT(ids(media[0].header_extensions), ElementsAre(1)) << "the level, in its encrypted form";
  EXPECT_TRUE(media[0].header_extensions[0].declined);
}

TEST_F(CallsTest, WhoAnswersEverythingOrDescribesNothingDeclinesNothing) {
  allocating({"aa", "bb"});
  bridge_answers();
  ASSERT_TRUE(accepts("aa", 1000)) << "without any description";
  EXPECT_THAT(next_to_bridge().modify.endpoints.at(0).media, IsEmpty());
  const jingle::Jingle offer = offer_to("bb");
  EXPECT_THAT(declined_extensions(offered_media(features_of(capable(false)), {}), offer), IsEmpty());
}

}  // namespace
}  // namespace cloister::focus::room
