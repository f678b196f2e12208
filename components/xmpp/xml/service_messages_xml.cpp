#include "xmpp/xml/service_messages_xml.h"

#include <algorithm>
#include <array>

#include "xmpp/xml/error_xml.h"
#include "xmpp/xml/namespaces.h"

namespace cloister::xmpp::xml {
namespace {

using Content = std::optional<ServiceContent>;

std::optional<Jid> jid(const Element& element, std::string_view attribute) {
  return Jid::parse(element.attribute(attribute));
}

Content parse_json_message(const Element& element) {
  if (element.text.size() > kLongestJson) return std::nullopt;
  return JsonMessage{.room = jid(element, "room"), .text = Personal(element.text)};
}

Content parse_av_moderation(const Element& element) {
  return AvModerationCommand{.media_type = element.attribute("mediaType"),
                             .enable = element.flag("enable"),
                             .allow = jid(element, "jidToWhitelist"),
                             .block = jid(element, "jidToBlacklist")};
}

Content parse_room_metadata(const Element& element) {
  if (element.text.size() > kLongestJson) return std::nullopt;
  return RoomMetadataCommand{.room = jid(element, "room"), .text = element.text};
}

Content parse_speaker_stats(const Element& element) {
  return DominantSpeakerReport{.room = jid(element, "room"), .silence = element.flag_or("silence", false)};
}

Content parse_end_conference(const Element&) { return EndConferenceCommand{}; }

Content parse_breakout(const Element& element) {
  constexpr std::array<std::string_view, 4> kActions{"add", "remove", "rename", "move-to-room"};
  constexpr std::string_view kFeature = "features/breakout-rooms/";
  const std::string_view type = element.attribute("type");
  if (!type.starts_with(kFeature)) return std::nullopt;
  const auto action = std::ranges::find(kActions, type.substr(kFeature.size()));
  if (action == kActions.end()) return std::nullopt;
  return BreakoutCommand{.action = static_cast<BreakoutCommand::Action>(action - kActions.begin()),
                         .subject = Personal(element.attribute("subject")),
                         .breakout_room = jid(element, "breakoutRoomJid"),
                         .participant = jid(element, "participantJid"),
                         .room = jid(element, "roomJid")};
}

struct Row {
  std::string_view name;
  Content (*parse)(const Element&);
};

// Clients write some of these without a namespace, some within jitmeet's: the name decides.
constexpr std::array kRows{
    Row{"json-message",   parse_json_message  },
    Row{"av_moderation",  parse_av_moderation },
    Row{"room_metadata",  parse_room_metadata },
    Row{"speakerstats",   parse_speaker_stats },
    Row{"end_conference", parse_end_conference},
    Row{"breakout_rooms", parse_breakout      },
};

Content parse_content(const Element& message) {
  for (const Element& child : message.children) {
    if (child.ns != kClientNamespace && child.ns != ns::kJitmeet) continue;
    const auto row = std::ranges::find(kRows, child.name, &Row::name);
    if (row != kRows.end()) return row->parse(child);
  }
  return std::nullopt;
}

Element message(const Jid& from, const Jid& to) {
  Element element{.name = "message", .ns = std::string(kClientNamespace)};
  element.set("from", from.text_for_wire()).set("to", to.text_for_wire());
  return element;
}

}  // namespace

std::optional<ServiceMessage> parse_service_message(const Element& message) {
  const std::string& type = message.attribute("type");
  if (message.name != "message" || type == "error" || type == "groupchat") return std::nullopt;
  const std::optional<Jid> from = Jid::parse(message.attribute("from"));
  const std::optional<Jid> to = Jid::parse(message.attribute("to"));
  if (!from || !to) return std::nullopt;
  Content content = parse_content(message);
  if (!content) return std::nullopt;
  return ServiceMessage{
      .from = *from, .to = *to, .id = message.attribute("id"), .content = std::move(*content)};
}

Element write_json_message(const Jid& from, const Jid& to, const JsonMessage& content) {
  Element element = message(from, to);
  Element& json = element.add("json-message", ns::kJitmeet);
  if (content.room) json.set("room", content.room->text_for_wire());
  json.text = content.text.expose();
  return element;
}

Element write_refusal(const ServiceMessage& refused, const StanzaError& error) {
  Element element = message(refused.to, refused.from);
  element.set("type", "error").set("id", refused.id);
  element.add(write_error(error));
  return element;
}

}  // namespace cloister::xmpp::xml
