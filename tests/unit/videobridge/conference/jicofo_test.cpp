// The stanzas that Jicofo sends, as it writes them, against a shard's table (protocol/bridge.md §2).
#include <gtest/gtest.h>

#include "simulation.h"
#include "unit/xmpp/xml_support.h"
#include "videobridge/conference/conference_table.h"
#include "xmpp/xml/colibri2_xml.h"

namespace cloister::videobridge::conference {
namespace {

using xmpp::xml::Element;

const char* const kCreation = R"(
<conference-modify xmlns="jitsi:colibri2" meeting-id="m1" name="room@conf.meet.example" create="true" rtcstats-enabled="false">
 <endpoint id="ab12cd34" stats-id="Zoe-xK1" create="true" muc-role="owner" diarize="true" colour="blue">
  <capability name="source-names"/><capability name="ssrc-rewriting"/><capability name="teleportation"/>
  <media type="audio">
   <payload-type xmlns="urn:xmpp:jingle:apps:rtp:1" id="111" name="opus" clockrate="48000" channels="2">
    <parameter name="minptime" value="10"/><parameter name="unheard" value="of"/>
    <rtcp-fb xmlns="urn:xmpp:jingle:apps:rtp:rtcp-fb:0" type="transport-cc"/>
    <rtcp-fb xmlns="urn:xmpp:jingle:apps:rtp:rtcp-fb:0" type="telepathy" subtype="strong"/>
   </payload-type>
   <payload-type xmlns="urn:xmpp:jingle:apps:rtp:1" id="126" name="telephone-event" clockrate="8000"/>
   <payload-type xmlns="urn:xmpp:jingle:apps:rtp:1" id="77" name="quadraphonic" clockrate="1"/>
   <rtp-hdrext xmlns="urn:xmpp:jingle:apps:rtp:rtp-hdrext:0" id="1" uri="urn:ietf:params:rtp-hdrext:ssrc-audio-level"/>
   <rtp-hdrext xmlns="urn:xmpp:jingle:apps:rtp:rtp-hdrext:0" id="14" uri="urn:example:unheard-of"/>
   <extmap-allow-mixed xmlns="urn:xmpp:jingle:apps:rtp:rtp-hdrext:0"/>
  </media>
  <transport ice-controlling="true"><sctp/></transport>
  <unheard-of xmlns="urn:example"/>
 </endpoint>
 <connects><connect id="t" url="wss://elsewhere.example" protocol="mediajson" type="transcriber" audio="true" create="true"/></connects>
 <trace-parent xmlns="urn:example:trace">00-1-1-00</trace-parent>
</conference-modify>)";

struct Jicofo : testing::Test {
  // The answer as XML, or the name of the error's condition.
  Result<Element, xmpp::StanzaError> ask(std::string_view text) {
    const auto request = xmpp::xml::parse_conference_modify(xmpp::from_text(text));
    if (!request) return fail(request.error());
    auto answer = sim.modify(*request);
    if (!answer) return fail(answer.error());
    return xmpp::xml::write_conference_modified(*answer);
  }
  Result<Element, xmpp::StanzaError> update(std::string_view content) {
    return ask(std::string(R"(<conference-modify xmlns="jitsi:colibri2" meeting-id="m1">)")
                   .append(content)
                   .append("</conference-modify>"));
  }
  Endpoint* zoe() { return sim.table->find(MeetingId("m1"))->find("ab12cd34"); }

  Simulation sim;
};

// Checklist: 31, 33, 34, 50, 60
TEST_F(Jicofo, ACreationWithMuchUnheardOfIsAnsweredInFull) {
  const auto answer = ask(kCreation);
  ASSERT_TRUE(answer) << answer.error().text;
  const Element* endpoint = answer->find("endpoint");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->attribute("id"), "ab12cd34");
  const Element* transport = endpoint->find("transport");
  ASSERT_TRUE(transport);
  EXPECT_EQ(transport->find("sctp")->attribute("port"), "5000");
  EXPECT_EQ(transport->find("sctp")->attribute("role"), "server");
  const Element* ice = transport->find("transport", "urn:xmpp:jingle:transports:ice-udp:1");
  ASSERT_TRUE(ice);
  EXPECT_TRUE(ice->find("rtcp-mux"));
  EXPECT_TRUE(ice->find("candidate"));
  const Element* fingerprint = ice->find("fingerprint", "urn:xmpp:jingle:apps:dtls:0");
  ASSERT_TRUE(fingerprint);
  EXPECT_EQ(fingerprint->attribute("setup"), "actpass");
  const Element* sources = answer->find("sources");
  ASSERT_TRUE(sources);
  EXPECT_EQ(sources->children.at(0).attribute("id"), "jvb-a0");
  EXPECT_EQ(sources->children.at(1).attribute("id"), "jvb-v0");
}

// Checklist: 56
TEST_F(Jicofo, WhoNegotiatedNoVideoIsNotOneToSendItTo) {
  ASSERT_TRUE(ask(kCreation));
  EXPECT_FALSE(zoe()->accepts_video());
}

// Checklist: 48, 57
TEST_F(Jicofo, TransportAndSourcesComeInAnyNumberOfPieces) {
  ASSERT_TRUE(ask(kCreation));
  const char* const pieces[] = {
      R"(<endpoint id="ab12cd34"><transport><transport xmlns="urn:xmpp:jingle:transports:ice-udp:1"
           ufrag="abcd" pwd="0123456789012345678901"><fingerprint xmlns="urn:xmpp:jingle:apps:dtls:0"
           hash="sha-256" setup="active">00:11</fingerprint></transport></transport></endpoint>)",
      R"(<endpoint id="ab12cd34"><transport><transport xmlns="urn:xmpp:jingle:transports:ice-udp:1"><candidate
           component="1" foundation="1" generation="0" id="c1" ip="198.51.100.7" network="0" port="4000"
           priority="2130706431" protocol="udp" type="host"/></transport></transport></endpoint>)",
      R"(<endpoint id="ab12cd34"><sources><media-source type="audio" id="ab12cd34-a0"><source
           xmlns="urn:xmpp:jingle:apps:rtp:ssma:0" ssrc="42" name="ab12cd34-a0"/></media-source></sources></endpoint>)",
  };
  for (const char* piece : pieces) {
    const auto answer = update(piece);
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_FALSE(answer->find("endpoint")->find("transport")) << "only a creation describes it";
    EXPECT_FALSE(answer->find("sources"));
  }
  ASSERT_EQ(zoe()->incoming().sources().size(), 1U);
  EXPECT_EQ(zoe()->incoming().sources()[0]->primary_ssrc(), Ssrc{42});
}

// Checklist: 40
TEST_F(Jicofo, TheEndOfARelayThatNeverWasIsAsGoodAsDone) {
  ASSERT_TRUE(ask(kCreation));
  const auto answer = update(R"(<relay id="bridge-2" expire="true"/>)");
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->find("relay")->attribute("id"), "bridge-2");
  EXPECT_EQ(answer->find("relay")->attribute("expire"), "true");
}

// Checklist: 43
TEST_F(Jicofo, ARelayBesideAnEndpointIsNotUnderstood) {
  const auto answer = ask(R"(<conference-modify xmlns="jitsi:colibri2" meeting-id="m2" create="true">
      <endpoint id="ab12cd34" create="true"><capability name="source-names"/><transport/></endpoint>
      <relay id="bridge-2" mesh-id="0" create="true"><transport use-unique-port="true"/></relay></conference-modify>)");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().condition, xmpp::ErrorCondition::feature_not_implemented);
  EXPECT_EQ(sim.table->size(), 0U) << "refused before anything was made";
}

// Checklist: 54
TEST_F(Jicofo, AVisitorGetsNoSourcesLaterEither) {
  ASSERT_TRUE(ask(kCreation));
  ASSERT_TRUE(update(R"(<endpoint id="ee55ff66" create="true" muc-role="visitor"><capability
      name="source-names"/><transport ice-controlling="true"/></endpoint>)"));
  const auto answer = update(R"(<endpoint id="ee55ff66"><sources><media-source type="audio" id="x"><source
      xmlns="urn:xmpp:jingle:apps:rtp:ssma:0" ssrc="43"/></media-source></sources></endpoint>)");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().condition, xmpp::ErrorCondition::bad_request);
  EXPECT_TRUE(update(R"(<endpoint id="ee55ff66"><sources/></endpoint>)"));
}

// Checklist: 55
TEST_F(Jicofo, TheFirstLastNHoldsUntilTheClientSpeaks) {
  ASSERT_TRUE(ask(kCreation));
  ASSERT_TRUE(update(R"(<endpoint id="ab12cd34"><initial-last-n value="3"/></endpoint>)"));
  EXPECT_EQ(zoe()->settings().last_n, 3);
  zoe()->receive(MessageChannel::Kind::web_socket, R"({"colibriClass":"ReceiverVideoConstraints","lastN":7})",
                 sim.now);
  EXPECT_EQ(zoe()->settings().last_n, 7);
  ASSERT_TRUE(update(R"(<endpoint id="ab12cd34"><initial-last-n value="3"/></endpoint>)"));
  EXPECT_EQ(zoe()->settings().last_n, 7);
}

}  // namespace
}  // namespace cloister::videobridge::conference
