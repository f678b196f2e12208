#include "xmpp/xml/jingle_xml.h"

#include <gtest/gtest.h>

#include "xml_support.h"

namespace cloister::xmpp::xml {
namespace {

using jingle::Action;
using jingle::ContentKind;
using jingle::Jingle;

// Read, written, and still the same: one of each thing that we say or hear.
constexpr std::string_view kRoundTrips[] = {
    // The focus's offer (focus.md §4.1).
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' initiator='focus@auth.d/focus' sid='3k9q'>"
    "<content creator='initiator' name='audio' senders='both'>"
    "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio' maxptime='60'>"
    "<payload-type id='112' name='red' clockrate='48000' channels='2'><parameter "
    "value='111/111'/></payload-type>"
    "<payload-type id='111' name='opus' clockrate='48000' channels='2'><parameter name='minptime' "
    "value='10'/>"
    "<rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='transport-cc'/></payload-type>"
    "<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1' "
    "uri='urn:ietf:params:rtp-hdrext:ssrc-audio-level'/>"
    "<extmap-allow-mixed xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0'/><rtcp-mux/></description>"
    "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='e9k2' pwd='2f0c'><rtcp-mux/>"
    "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' setup='actpass' "
    "cryptex='true'>AA:BB</fingerprint>"
    "<web-socket xmlns='http://jitsi.org/protocol/colibri' url='wss://m.d/colibri-ws/1?pwd=a&amp;b'/>"
    "<candidate component='1' foundation='1' generation='0' id='c1' ip='203.0.113.5' network='0' "
    "port='10000' "
    "priority='2130706431' protocol='udp' type='srflx' rel-addr='10.0.0.1' rel-port='10000'/>"
    "<sctpmap xmlns='urn:xmpp:jingle:transports:dtls-sctp:1' number='5000' protocol='webrtc-datachannel' "
    "streams='1024'/></transport></content>"
    "<content creator='initiator' name='data' senders='both'>"
    "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='application'/></content>"
    "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content name='audio'/><content "
    "name='data'/>"
    "</group><bridge-session xmlns='http://jitsi.org/protocol/focus' id='0c0e' region='eu'/>"
    "<startmuted xmlns='http://jitsi.org/jitmeet/start-muted' audio='true' video='false'/>"
    "<json-message "
    "xmlns='http://jitsi.org/jitmeet'>{\"sources\":{\"jvb\":[[{\"s\":551,\"n\":\"jvb-v0\",\"m\":\"a b\"}],[],"
    "[{\"s\":552,\"n\":\"jvb-a0\",\"m\":\"a c\"}]]}}</json-message></jingle>",
    // A client's answer, with sources in XML.
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-accept' responder='r@c.d/ab' sid='3k9q'>"
    "<content creator='responder' name='video' senders='both'>"
    "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'>"
    "<payload-type id='100' name='VP8' clockrate='90000'>"
    "<rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='nack' subtype='pli'/></payload-type>"
    "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='4294967295' name='ab-v1' videoType='desktop'>"
    "<ssrc-info xmlns='http://jitsi.org/jitmeet' owner='ab'/><parameter name='msid' value='s t'/></source>"
    "<ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='FID'><source ssrc='1'/><source ssrc='2'/>"
    "</ssrc-group></description><initial-last-n xmlns='jitsi:colibri2' value='-1'/></content></jingle>",
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s'>"
    "<bridge-session xmlns='http://jitsi.org/protocol/focus' id='0c0e'/>"
    "<ice-state xmlns='http://jitsi.org/protocol/focus'>failed</ice-state></jingle>",
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s'>"
    "<bridge-session xmlns='http://jitsi.org/protocol/focus' id='0c0e' ice-restart='true'/></jingle>",
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' sid='s'>"
    "<bridge-session xmlns='http://jitsi.org/protocol/focus' id='0c0e' restart='false'/>"
    "<reason><connectivity-error/><text>ICE FAILED</text></reason></jingle>",
    "<jingle xmlns='urn:xmpp:jingle:1' action='transport-info' sid='s'>"
    "<content creator='initiator' name='audio' senders='both'>"
    "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' pwd='p' "
    "ice-generation='2'/></content></jingle>",
    "<jingle xmlns='urn:xmpp:jingle:1' action='content-modify' sid='s'/>",
};

// Focus checklist: 95, 96, 98, 144
TEST(JingleXml, WritesWhatItRead) {
  for (const std::string_view text : kRoundTrips) {
    SCOPED_TRACE(text.substr(0, 80));
    expect_same(write_jingle(parse_jingle(from_text(text))), text);
  }
}

TEST(JingleXml, ReadsTheOfferIntoValues) {
  const Jingle offer = parse_jingle(from_text(kRoundTrips[0]));
  EXPECT_EQ(offer.action, Action::session_initiate);
  ASSERT_EQ(offer.contents.size(), 2U);
  const jingle::Content& audio = offer.contents[0];
  EXPECT_EQ(audio.kind, ContentKind::audio);
  EXPECT_TRUE(audio.rtcp_mux);
  EXPECT_EQ(audio.payload_types.at(0).parameters.at(0), (Parameter{"", "111/111"}));
  ASSERT_TRUE(audio.transport);
  EXPECT_EQ(audio.transport->candidates.at(0).priority, 2130706431U);
  EXPECT_EQ(audio.transport->sctp_port, 5000);
  EXPECT_EQ(audio.transport->web_sockets.at(0).expose(), "wss://m.d/colibri-ws/1?pwd=a&b");
  EXPECT_EQ(offer.contents[1].kind, ContentKind::data);
  EXPECT_EQ(offer.json_sources->at("jvb").audio.at(0).ssrc, Ssrc(552));
}

// Focus checklist: 115
TEST(JingleXml, ReadsSourcesWhereverClientsPutThem) {
  const Jingle add = parse_jingle(from_text(
      "<jingle xmlns='urn:xmpp:jingle:1' action='addsource' sid='s'>"
      "<content name='video'><source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='7' "
      "name='ab-v0'/></content>"
      "<content name='audio'><description xmlns='urn:xmpp:jingle:apps:rtp:1'>"
      "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='8'/></description></content></jingle>"));
  EXPECT_EQ(add.action, Action::source_add);
  EXPECT_EQ(add.contents.at(0).kind, ContentKind::video);
  EXPECT_EQ(add.contents.at(0).sources.at(0).ssrc, Ssrc(7));
  EXPECT_EQ(add.contents.at(1).kind, ContentKind::audio);
  EXPECT_EQ(add.contents.at(1).sources.at(0).ssrc, Ssrc(8));
}

// Focus checklist: 121
TEST(JingleXml, ReadsImpossibleSsrcsAsZero) {
  for (const std::string_view ssrc : {"4294967296", "-1", "x", ""}) {
    const Jingle add = parse_jingle(
        from_text("<jingle xmlns='urn:xmpp:jingle:1' action='source-add' sid='s'><content name='audio'>"
                  "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='" +
                  std::string(ssrc) + "'/></content></jingle>"));
    EXPECT_EQ(add.contents.at(0).sources.at(0).ssrc, Ssrc(0)) << ssrc;
  }
}

// Focus checklist: 17
TEST(JingleXml, SkipsWhatIsUnreadableOrForeign) {
  const Jingle odd = parse_jingle(from_text(
      "<jingle xmlns='urn:xmpp:jingle:1' initiator='@' traceparent='x'><unknown xmlns='urn:x'/>"
      "<content name='audio'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
      "<payload-type id='128' name='x'/><payload-type id='x'/><payload-type xmlns='urn:x' id='1'/>"
      "<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='0' uri='u'/></description>"
      "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'><candidate ip='1.2.3.4' port='65536'/>"
      "<candidate port='1'/></transport></content></jingle>"));
  EXPECT_EQ(odd.action, Action::unknown);
  EXPECT_TRUE(odd.action_text.empty());
  EXPECT_TRUE(odd.initiator.empty());
  EXPECT_TRUE(odd.contents.at(0).payload_types.empty());
  EXPECT_TRUE(odd.contents.at(0).header_extensions.empty());
  EXPECT_TRUE(odd.contents.at(0).transport->candidates.empty());
}

// Focus checklist: 109
TEST(JingleXml, StartMutedIsSaidOnlyWhenTrue) {
  const Jingle offer{
      .action = Action::session_initiate, .start_audio_muted = false, .start_video_muted = false};
  EXPECT_TRUE(write_jingle(offer).children.empty());
}

}  // namespace
}  // namespace cloister::xmpp::xml
