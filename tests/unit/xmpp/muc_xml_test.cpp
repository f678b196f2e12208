#include "xmpp/xml/muc_xml.h"

#include <gtest/gtest.h>

#include "xml_support.h"

namespace cloister::xmpp::xml {
namespace {

MucPresence presence(std::string_view text) {
  auto parsed = parse_muc_presence(from_text(text));
  EXPECT_TRUE(parsed);
  return parsed.value_or(MucPresence{});
}

TEST(MucXml, ReadsAParticipant) {
  const MucPresence seen = presence(
      "<presence from='room@c.d/Ab12cd34'><stats-id>Zoe-x1</stats-id>"
      "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://jitsi.org/jitsi-meet' ver='v='/>"
      "<features><feature var='https://jitsi.org/meet/e2ee'/></features>"
      "<SourceInfo>{\"Ab12cd34-a0\":{\"muted\":false},\"Ab12cd34-v0\":{\"videoType\":\"desktop\"}}</"
      "SourceInfo>"
      "<audiomuted>true</audiomuted><videomuted>false</videomuted>"
      "<jitsi_participant_codecList>av1, VP9,,vp8</jitsi_participant_codecList>"
      "<jitsi_participant_region>eu</jitsi_participant_region><status>switch_room</status>"
      "<nick xmlns='http://jabber.org/protocol/nick'>Zoe</nick><unknown xmlns='urn:x'><a/></unknown>"
      "<x xmlns='http://jabber.org/protocol/muc#user'>"
      "<item affiliation='owner' role='moderator' jid='zoe@guest.d/r'/><status code='110'/><status "
      "code='x'/></x></presence>");
  EXPECT_EQ(seen.nick, EndpointId("Ab12cd34"));
  EXPECT_TRUE(seen.available);
  EXPECT_EQ(seen.real_jid, Jid::parse("zoe@guest.d/r"));
  EXPECT_EQ(seen.affiliation, Affiliation::owner);
  EXPECT_EQ(seen.role, Role::moderator);
  EXPECT_TRUE(seen.is_self());
  EXPECT_EQ(seen.status, std::vector{110});
  EXPECT_EQ(seen.caps->ver, "v=");
  ASSERT_TRUE(seen.sources);
  EXPECT_EQ(seen.sources->at(SourceName("Ab12cd34-a0")),
            (SourceState{.kind = MediaKind::audio, .muted = false}));
  EXPECT_EQ(seen.sources->at(SourceName("Ab12cd34-v0")),
            (SourceState{.kind = MediaKind::video, .muted = true, .video_type = VideoType::desktop}));
  EXPECT_EQ(seen.audio_muted, true);
  EXPECT_EQ(seen.video_muted, false);
  EXPECT_EQ(seen.stats_id.expose(), "Zoe-x1");
  EXPECT_EQ(seen.region, "eu");
  EXPECT_EQ(seen.codecs, (std::vector<std::string>{"av1", "vp9", "vp8"}));
  EXPECT_EQ(seen.features, std::vector<std::string>{"https://jitsi.org/meet/e2ee"});
  EXPECT_EQ(seen.status_text, "switch_room");
  EXPECT_TRUE(seen.stats.empty());
}

TEST(MucXml, ReadsABridgesStatistics) {
  const MucPresence seen = presence(
      "<presence from='jvbbrewery@internal.auth.d/jvb1'><stats xmlns='http://jitsi.org/protocol/colibri'>"
      "<stat name='stress_level' value='0.12'/><stat name='drain' value='false'/></stats></presence>");
  EXPECT_EQ(seen.stats.at("stress_level"), "0.12");
  EXPECT_EQ(seen.stats.size(), 2U);
}

TEST(MucXml, ReadsHowSomebodyLeaves) {
  const MucPresence kicked = presence(
      "<presence from='room@c.d/ab' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'>"
      "<item affiliation='none' role='none'/><status code='307'/></x></presence>");
  EXPECT_FALSE(kicked.available);
  EXPECT_TRUE(kicked.has_status(307));
  const MucPresence destroyed = presence(
      "<presence from='room@c.d/ab' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'>"
      "<destroy jid='other@c.d'><reason>over</reason></destroy></x></presence>");
  ASSERT_TRUE(destroyed.destroyed);
  EXPECT_EQ(destroyed.destroyed->reason, "over");
  EXPECT_EQ(destroyed.destroyed->alternative, Jid::parse("other@c.d"));
}

TEST(MucXml, ReadsARefusal) {
  const MucPresence refused = presence(
      "<presence from='room@c.d/ab' type='error'><error type='auth'>"
      "<not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->condition, ErrorCondition::not_authorized);
  EXPECT_FALSE(refused.available);
  EXPECT_TRUE(presence("<presence from='room@c.d/ab' type='error'/>").error);
}

TEST(MucXml, IgnoresWhatIsNotAnOccupants) {
  for (const char* text :
       {"<presence/>", "<presence from='room@c.d'/>", "<presence from='@/x'/>",
        "<presence from='a@b/c' type='subscribe'/>", "<presence from='a@b/c' type='probe'/>"}) {
    EXPECT_FALSE(parse_muc_presence(from_text(text))) << text;
  }
}

// Focus checklist: 74
TEST(MucXml, RefusesSourceInfoOfAnotherShape) {
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("{"), std::string(R"({"a":1})"),
        std::string(R"({"a-v0":{"videoType":"smell"}})"), std::string(R"({"a-v0":{"muted":"true"}})"),
        R"({"a-v0":{"x":")" + std::string(kLongestSourceInfo, 'x') + "\"}}"}) {
    EXPECT_FALSE(parse_source_info(text)) << text.substr(0, 40);
  }
  const auto tolerated = parse_source_info(R"({"odd":{"mediaType":"audio","more":[1,{}]}})");
  ASSERT_TRUE(tolerated);
  EXPECT_EQ(tolerated->at(SourceName("odd")).kind, MediaKind::audio);
}

// Focus checklist: 59, 61, 64
TEST(MucXml, WritesTheFocussPresence) {
  const Jid occupant = *Jid::parse("room@c.d/focus");
  const MucSelfPresence content{
      .caps = Caps{.node = "n",           .ver = "v", .hash = "sha-1"},
      .conference_properties = {{"bridge-count", "1"}     },
      .versions = {{"focus", "1.0"}},
      .bridge_not_available = true,
      .etherpad = Personal<std::string>("room")
  };
  expect_same(write_muc_presence(occupant, PresenceKind::update, content, std::nullopt),
              "<presence to='room@c.d/focus'>"
              "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/>"
              "<etherpad xmlns='http://jitsi.org/jitmeet/etherpad'>room</etherpad>"
              "<versions xmlns='http://jitsi.org/jitmeet'><component name='focus'>1.0</component></versions>"
              "<conference-properties xmlns='http://jitsi.org/protocol/focus'>"
              "<property key='bridge-count' value='1'/></conference-properties>"
              "<bridgeNotAvailable xmlns='http://jitsi.org/protocol/focus'/></presence>");
}

// Focus checklist: 65
TEST(MucXml, SaysTheJoinElementOnlyWhenJoining) {
  const Jid occupant = *Jid::parse("room@c.d/jvb");
  const MucSelfPresence content{.stats = {{"stress_level", "0"}}};
  expect_same(
      write_muc_presence(occupant, PresenceKind::join, content, Personal<std::string>("secret")),
      "<presence to='room@c.d/jvb'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/>"
      "<password>secret</password></x><stats xmlns='http://jitsi.org/protocol/colibri'>"
      "<stat name='stress_level' value='0'/></stats></presence>");
  expect_same(write_muc_presence(occupant, PresenceKind::leave, content, std::nullopt),
              "<presence to='room@c.d/jvb' type='unavailable'/>");
}

}  // namespace
}  // namespace cloister::xmpp::xml
