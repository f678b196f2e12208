#include "xmpp/xml/colibri2_xml.h"

#include <gtest/gtest.h>

#include "xml_support.h"

namespace cloister::xmpp::xml {
namespace {

constexpr std::string_view kModify =
    "<conference-modify xmlns='jitsi:colibri2' meeting-id='5d0c' name='room@c.d' create='true' "
    "rtcstats-enabled='false'>"
    "<endpoint id='ab12cd34' create='true' stats-id='Zoe-x1' muc-role='visitor'>"
    "<media type='audio'>"
    "<payload-type xmlns='urn:xmpp:jingle:apps:rtp:1' id='111' name='opus' clockrate='48000' channels='2'>"
    "<parameter name='minptime' value='10'/>"
    "<rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='transport-cc'/></payload-type>"
    "<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1' "
    "uri='urn:ietf:params:rtp-hdrext:ssrc-audio-level'/>"
    "<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='5' uri='u' senders='none'/>"
    "<extmap-allow-mixed xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0'/></media><media type='video'/>"
    "<transport ice-controlling='true'><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' "
    "pwd='p'/>"
    "<sctp/></transport>"
    "<sources><media-source type='video' id='ab12cd34-v0'>"
    "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1' name='ab12cd34-v0'/>"
    "<ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='SIM'><source ssrc='1'/><source "
    "ssrc='2'/></ssrc-group>"
    "</media-source></sources><force-mute audio='true' video='false'/><initial-last-n value='-1'/>"
    "<capability name='source-names'/><capability name='ssrc-rewriting'/></endpoint>"
    "<endpoint id='ef' expire='true'/></conference-modify>";

constexpr std::string_view kModified =
    "<conference-modified xmlns='jitsi:colibri2'><endpoint id='ab12cd34'><transport>"
    "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='f3k' pwd='9s'><rtcp-mux/></transport>"
    "<sctp port='5000' role='server'/></transport></endpoint><endpoint id='ef' expire='true'/>"
    "<sources><media-source type='audio' id='jvb-a0'>"
    "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='552' name='jvb-a0'/></media-source></sources>"
    "</conference-modified>";

TEST(Colibri2Xml, WritesWhatItRead) {
  const auto modify = parse_conference_modify(from_text(kModify));
  ASSERT_TRUE(modify);
  expect_same(write_conference_modify(*modify), kModify);
  const auto modified = parse_conference_modified(from_text(kModified));
  ASSERT_TRUE(modified);
  expect_same(write_conference_modified(*modified), kModified);
}

TEST(Colibri2Xml, ReadsTheRequestIntoValues) {
  const auto modify = parse_conference_modify(from_text(kModify));
  ASSERT_TRUE(modify);
  EXPECT_TRUE(modify->create);
  EXPECT_FALSE(modify->rtcstats_enabled);
  const colibri2::Endpoint& endpoint = modify->endpoints.at(0);
  EXPECT_EQ(endpoint.id, EndpointId("ab12cd34"));
  EXPECT_TRUE(endpoint.transport->ice_controlling);
  EXPECT_TRUE(endpoint.transport->sctp.has_value());
  EXPECT_FALSE(endpoint.transport->sctp->port);
  EXPECT_EQ(endpoint.sources->at(0).groups.at(0).ssrcs, (std::vector{Ssrc(1), Ssrc(2)}));
  EXPECT_TRUE(endpoint.force_mute->audio);
  EXPECT_EQ(endpoint.initial_last_n, -1);
  EXPECT_TRUE(modify->endpoints.at(1).expire);
}

TEST(Colibri2Xml, TellsEmptySourcesFromNoSources) {
  const auto modify = parse_conference_modify(from_text(
      "<conference-modify xmlns='jitsi:colibri2' meeting-id='m'><endpoint id='a'><sources/></endpoint>"
      "<endpoint id='b'/><relay id='r' expire='true'/><connects/><other "
      "xmlns='urn:x'/></conference-modify>"));
  ASSERT_TRUE(modify);
  ASSERT_TRUE(modify->endpoints.at(0).sources);
  EXPECT_TRUE(modify->endpoints.at(0).sources->empty());
  EXPECT_FALSE(modify->endpoints.at(1).sources);
  ASSERT_EQ(modify->relays.size(), 1U);
  EXPECT_EQ(modify->relays[0].id, "r");
  EXPECT_TRUE(modify->relays[0].expire);
  EXPECT_FALSE(modify->relays[0].create);
  EXPECT_EQ(modify->connects, 1U);
}

constexpr std::string_view kRelay =
    "<conference-modify xmlns='jitsi:colibri2' meeting-id='5d0c'>"
    "<relay id='bridge-2' mesh-id='0' create='true'>"
    "<media type='audio'><payload-type xmlns='urn:xmpp:jingle:apps:rtp:1' id='111' name='opus' "
    "clockrate='48000'/></media>"
    "<transport ice-controlling='true' use-unique-port='true'><sctp role='client'/></transport>"
    "<endpoints><endpoint id='ab' create='true'><sources><media-source type='audio' id='ab-a0'>"
    "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1' name='ab-a0'/></media-source></sources>"
    "</endpoint><endpoint id='cd' expire='true'/></endpoints></relay></conference-modify>";
constexpr std::string_view kRelayed =
    "<conference-modified xmlns='jitsi:colibri2'><relay id='bridge-2'><transport ice-controlling='true'>"
    "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='f3k' pwd='9s'><rtcp-mux/></transport>"
    "<sctp port='5000' role='server'/></transport></relay><relay id='bridge-3' expire='true'/>"
    "</conference-modified>";

TEST(Colibri2Xml, KnowsRelaysWithWhoIsBehindThem) {
  const auto modify = parse_conference_modify(from_text(kRelay));
  ASSERT_TRUE(modify);
  expect_same(write_conference_modify(*modify), kRelay);
  const colibri2::Relay& relay = modify->relays.at(0);
  EXPECT_EQ(relay.mesh_id, "0");
  EXPECT_TRUE(relay.create && relay.transport->use_unique_port && relay.transport->ice_controlling);
  EXPECT_EQ(relay.transport->sctp->role, "client");
  EXPECT_EQ(relay.media.at(0).payload_types.at(0).name, "opus");
  ASSERT_EQ(relay.endpoints.size(), 2U);
  EXPECT_EQ(relay.endpoints[0].sources->at(0).sources.at(0).ssrc, Ssrc{1});
  EXPECT_TRUE(relay.endpoints[1].expire);
  const auto modified = parse_conference_modified(from_text(kRelayed));
  ASSERT_TRUE(modified);
  expect_same(write_conference_modified(*modified), kRelayed);
  EXPECT_EQ(modified->relays.at(0).transport->sctp->port, 5000);
}

// An element that inherits jitsi:colibri2 is not a payload type (focus.md §5.2).
// Focus checklist: 144
TEST(Colibri2Xml, DoesNotTakeElementsOfTheWrongNamespace) {
  const auto modify = parse_conference_modify(from_text(
      "<conference-modify xmlns='jitsi:colibri2' meeting-id='m'><endpoint id='a'><media type='audio'>"
      "<payload-type id='111' name='opus'/></media></endpoint></conference-modify>"));
  ASSERT_TRUE(modify);
  EXPECT_TRUE(modify->endpoints.at(0).media.at(0).payload_types.empty());
}

TEST(Colibri2Xml, RefusesWhatCannotBeMeant) {
  for (const char* text :
       {"<conference-modify xmlns='jitsi:colibri2'/>",
        "<conference-modify xmlns='jitsi:colibri2' meeting-id='m'><endpoint/></conference-modify>",
        "<conference-modify xmlns='jitsi:colibri2' meeting-id='m'><relay/></conference-modify>",
        "<conference-modify xmlns='jitsi:colibri2' meeting-id='m'><relay id='r'><endpoints><endpoint/>"
        "</endpoints></relay></conference-modify>",
        "<conference-modify xmlns='jitsi:colibri2' meeting-id='m'><endpoint id='a'>"
        "<media type='smell'/></endpoint></conference-modify>",
        "<conference-modify xmlns='jitsi:colibri2' meeting-id='m'><endpoint id='a'>"
        "<sources><media-source id='x'/></sources></endpoint></conference-modify>"}) {
    const auto modify = parse_conference_modify(from_text(text));
    ASSERT_FALSE(modify) << text;
    EXPECT_EQ(modify.error().condition, ErrorCondition::bad_request);
    EXPECT_TRUE(modify.error().colibri);
  }
}

}  // namespace
}  // namespace cloister::xmpp::xml
