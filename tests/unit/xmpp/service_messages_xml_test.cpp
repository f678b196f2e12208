#include "xmpp/xml/service_messages_xml.h"

#include <gtest/gtest.h>

#include "xml_support.h"

namespace cloister::xmpp::xml {
namespace {

Jid jid(std::string_view text) { return *Jid::parse(text); }

std::optional<ServiceContent> read(const std::string& payload, const std::string& type = "") {
  const std::string kind = type.empty() ? "" : " type='" + type + "'";
  const auto message = parse_service_message(from_text(
      "<message from='u@guest.d/tab' to='service.d' id='m1'" + kind + ">" + payload + "</message>"));
  if (!message) return std::nullopt;
  EXPECT_EQ(message->from, jid("u@guest.d/tab"));
  EXPECT_EQ(message->to, jid("service.d"));
  EXPECT_EQ(message->id, "m1");
  return message->content;
}

struct Row {
  std::string payload;
  ServiceContent content;
};

// As today's clients write them: most without a namespace of their own.
TEST(ServiceMessagesXml, ReadsWhatClientsSend) {
  // Its tables never settle on these:
  // clang-format off
  const Row rows[] = {
      {"<av_moderation enable='true' mediaType='audio'/>",
       AvModerationCommand{.media_type = "audio", .enable = true}},
      {"<av_moderation enable='false' mediaType='desktop'/>",
       AvModerationCommand{.media_type = "desktop", .enable = false}},
      {"<av_moderation jidToWhitelist='r@c.d/ab' mediaType='video'/>",
       AvModerationCommand{.media_type = "video", .allow = jid("r@c.d/ab")}},
      {"<av_moderation jidToBlacklist='r@c.d/ab' mediaType='video'/>",
       AvModerationCommand{.media_type = "video", .block = jid("r@c.d/ab")}},
      {"<room_metadata xmlns='http://jitsi.org/jitmeet' room='r@c.d'>{\"key\":\"k\"}</room_metadata>",
       RoomMetadataCommand{.room = jid("r@c.d"), .text = "{\"key\":\"k\"}"}},
      {"<speakerstats xmlns='http://jitsi.org/jitmeet' room='r@c.d' silence='true'/>",
       DominantSpeakerReport{.room = jid("r@c.d"), .silence = true}},
      {"<end_conference/>", EndConferenceCommand{}},
      {"<breakout_rooms type='features/breakout-rooms/add' subject='Group A'/>",
       BreakoutCommand{.subject = Personal(std::string("Group A"))}},
      {"<breakout_rooms type='features/breakout-rooms/rename' breakoutRoomJid='x@b.d' subject='B'/>",
       BreakoutCommand{.action = BreakoutCommand::Action::rename,
                       .subject = Personal(std::string("B")),
                       .breakout_room = jid("x@b.d")}},
      {"<breakout_rooms type='features/breakout-rooms/move-to-room' participantJid='u@g.d/t' roomJid='x@b.d'/>",
       BreakoutCommand{.action = BreakoutCommand::Action::move, .participant = jid("u@g.d/t"), .room = jid("x@b.d")}},
      {"<json-message xmlns='http://jitsi.org/jitmeet'>{}</json-message>",
       JsonMessage{.text = Personal(std::string("{}"))}},
  };
  // clang-format on
  for (const auto& [payload, content] : rows) {
    SCOPED_TRACE(payload);
    const auto read_content = read(payload);
    ASSERT_TRUE(read_content);
    EXPECT_TRUE(*read_content == content);
  }
}

TEST(ServiceMessagesXml, LeavesEverythingElseAlone) {
  EXPECT_FALSE(read("<body>hello</body>", "groupchat"));
  EXPECT_FALSE(read("<end_conference/>", "error")) << "answers to errors would go on for ever";
  EXPECT_FALSE(read("<end_conference xmlns='urn:other'/>"));
  EXPECT_FALSE(read("<breakout_rooms type='features/breakout-rooms/explode'/>"));
  EXPECT_FALSE(read("<breakout_rooms type='add'/>"));
  EXPECT_FALSE(read("<json-message>" + std::string(kLongestJson + 1, ' ') + "</json-message>"));
  EXPECT_FALSE(parse_service_message(from_text("<message to='service.d'><end_conference/></message>")));
}

TEST(ServiceMessagesXml, WritesWhatClientsBelieve) {
  expect_same(write_json_message(
                  jid("metadata.d"), jid("u@guest.d/tab"),
                  {.room = jid("r@c.d"), .text = Personal(std::string("{\"type\":\"room_metadata\"}"))}),
              "<message from='metadata.d' to='u@guest.d/tab'><json-message xmlns='http://jitsi.org/jitmeet' "
              "room='r@c.d'>{\"type\":\"room_metadata\"}</json-message></message>");
}

TEST(ServiceMessagesXml, RefusesInTheNameOfTheService) {
  const ServiceMessage refused{.from = jid("u@guest.d/tab"),
                               .to = jid("endconference.d"),
                               .id = "m1",
                               .content = EndConferenceCommand{}};
  expect_same(write_refusal(refused, {.condition = ErrorCondition::forbidden}),
              "<message from='endconference.d' to='u@guest.d/tab' type='error' id='m1'><error type='auth'>"
              "<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
}

}  // namespace
}  // namespace cloister::xmpp::xml
