#include "xmpp/xml/jingle_xml.h"

#include <algorithm>
#include <array>

#include "xmpp/xml/json_sources.h"
#include "xmpp/xml/namespaces.h"
#include "xmpp/xml/rtp_xml.h"

namespace cloister::xmpp::xml {

using jingle::Action;
using jingle::Content;
using jingle::ContentKind;
using jingle::Jingle;

namespace {

struct ActionName {
  std::string_view name;
  Action action;
};
// The first name of an action is the one that we write; the others are older (focus.md §4.5).
constexpr std::array kActions{
    ActionName{"session-initiate",  Action::session_initiate },
    ActionName{"session-accept",    Action::session_accept   },
    ActionName{"session-info",      Action::session_info     },
    ActionName{"session-terminate", Action::session_terminate},
    ActionName{"source-add",        Action::source_add       },
    ActionName{"source-remove",     Action::source_remove    },
    ActionName{"transport-info",    Action::transport_info   },
    ActionName{"transport-accept",  Action::transport_accept },
    ActionName{"transport-reject",  Action::transport_reject },
    ActionName{"addsource",         Action::source_add       },
    ActionName{"removesource",      Action::source_remove    },
};

Action action_of(std::string_view name) {
  const auto found = std::ranges::find(kActions, name, &ActionName::name);
  return found == kActions.end() ? Action::unknown : found->action;
}

std::string_view name_of(const Jingle& value) {
  const auto found = std::ranges::find(kActions, value.action, &ActionName::action);
  return found == kActions.end() ? std::string_view(value.action_text) : found->name;
}

ContentKind kind_of(std::string_view media) {
  if (media == "audio") return ContentKind::audio;
  if (media == "video") return ContentKind::video;
  return ContentKind::data;
}

std::string_view media_of(ContentKind kind) {
  switch (kind) {
    case ContentKind::audio: return "audio";
    case ContentKind::video: return "video";
    case ContentKind::data: return "application";
  }
  return "";
}

void parse_description(const Element& description, Content& content) {
  content.has_description = true;
  content.max_ptime = description.number<std::uint32_t>("maxptime");
  MediaFormats formats = parse_formats(description);
  content.payload_types = std::move(formats.payload_types);
  content.header_extensions = std::move(formats.header_extensions);
  content.extmap_allow_mixed = formats.extmap_allow_mixed;
  content.rtcp_mux = description.find("rtcp-mux") != nullptr;
}

template <class T>
void append(std::vector<T>& to, std::vector<T> more) {
  std::ranges::move(more, std::back_inserter(to));
}

Content parse_content(const Element& element) {
  Content content{.name = element.attribute("name"), .creator = element.attribute("creator")};
  if (const std::string& senders = element.attribute("senders"); !senders.empty()) content.senders = senders;
  const Element* description = element.find("description", ns::kRtp);
  const std::string& media = description ? description->attribute("media") : content.name;
  content.kind = kind_of(media.empty() ? content.name : media);
  if (description) {
    parse_description(*description, content);
    content.sources = parse_sources(*description);
    content.groups = parse_groups(*description);
  }
  append(content.sources, parse_sources(element));
  append(content.groups, parse_groups(element));
  if (const Element* last_n = element.find("initial-last-n", ns::kColibri2); last_n) {
    content.initial_last_n = last_n->number<int>("value");
  } else if (const Element* inner =
                 description ? description->find("initial-last-n", ns::kColibri2) : nullptr;
             inner) {
    content.initial_last_n = inner->number<int>("value");
  }
  if (const Element* transport = element.find("transport", ns::kIceUdp); transport) {
    content.transport = parse_ice_udp(*transport);
  }
  return content;
}

void write_description(Element& to, const Content& content) {
  Element& description = to.add("description", ns::kRtp);
  description.set("media", media_of(content.kind));
  if (content.max_ptime) description.set_number("maxptime", *content.max_ptime);
  write_formats(description, content.payload_types, content.header_extensions, content.extmap_allow_mixed);
  if (content.rtcp_mux) description.add("rtcp-mux");
  const bool video = content.kind == ContentKind::video;
  for (const Source& source : content.sources) write_source(description, source, SourceDetail::full, video);
  for (const SourceGroup& group : content.groups) write_group(description, group);
}

void write_content(Element& to, const Content& content) {
  Element& element = to.add("content");
  element.set("creator", content.creator).set("name", content.name).set("senders", content.senders);
  if (content.has_description) write_description(element, content);
  if (content.initial_last_n)
    element.add("initial-last-n", ns::kColibri2).set_number("value", *content.initial_last_n);
  if (content.transport) element.add(write_ice_udp(*content.transport));
}

std::vector<std::string> parse_bundle(const Element& jingle) {
  std::vector<std::string> names;
  const Element* group = jingle.find("group", ns::kGrouping);
  if (!group || group->attribute("semantics") != "BUNDLE") return names;
  for (const Element& child : group->children) {
    if (child.name == "content") names.push_back(child.attribute("name"));
  }
  return names;
}

std::optional<jingle::Reason> parse_reason(const Element& jingle) {
  const Element* element = jingle.find("reason");
  if (!element) return std::nullopt;
  jingle::Reason reason;
  for (const Element& child : element->children) {
    if (child.name == "text") {
      reason.text = child.text;
    } else if (reason.condition.empty()) {
      reason.condition = child.name;
    }
  }
  return reason;
}

std::optional<jingle::BridgeSession> parse_bridge_session(const Element& jingle) {
  const Element* element = jingle.find("bridge-session", ns::kFocus);
  if (!element) return std::nullopt;
  return jingle::BridgeSession{.id = element->attribute("id"),
                               .region = element->attribute("region"),
                               .restart = element->flag("restart"),
                               .ice_restart = element->flag_or("ice-restart", false)};
}

void write_bridge_session(Element& to, const jingle::BridgeSession& session) {
  Element& element = to.add("bridge-session", ns::kFocus);
  element.set("id", session.id).set("region", session.region);
  if (session.restart) element.set("restart", *session.restart ? "true" : "false");
  element.set_if("ice-restart", session.ice_restart);
}

void write_reason(Element& to, const jingle::Reason& reason) {
  Element& element = to.add("reason");
  if (!reason.condition.empty()) element.add(reason.condition);
  if (!reason.text.empty()) element.add("text").text = reason.text;
}

void write_start_muted(Element& to, const Jingle& value) {
  const bool audio = value.start_audio_muted.value_or(false);
  const bool video = value.start_video_muted.value_or(false);
  if (!audio && !video) return;
  to.add("startmuted", ns::kStartMuted)
      .set("audio", audio ? "true" : "false")
      .set("video", video ? "true" : "false");
}

}  // namespace

Jingle parse_jingle(const Element& element) {
  Jingle value{.action = action_of(element.attribute("action")),
               .action_text = element.attribute("action"),
               .sid = element.attribute("sid"),
               .initiator = Jid::parse(element.attribute("initiator")).value_or(Jid()),
               .responder = Jid::parse(element.attribute("responder")).value_or(Jid()),
               .bundle = parse_bundle(element),
               .bridge_session = parse_bridge_session(element),
               .reason = parse_reason(element)};
  for (const Element& child : element.children) {
    if (child.is("content", ns::kJingle)) value.contents.push_back(parse_content(child));
  }
  if (const Element* state = element.find("ice-state", ns::kFocus); state) value.ice_state = state->text;
  if (const Element* muted = element.find("startmuted", ns::kStartMuted); muted) {
    value.start_audio_muted = muted->flag("audio");
    value.start_video_muted = muted->flag("video");
  }
  if (const Element* message = element.find("json-message", ns::kJitmeet); message) {
    value.json_sources = parse_json_sources(message->text);
  }
  return value;
}

Element write_jingle(const Jingle& value) {
  Element element{.name = "jingle", .ns = std::string(ns::kJingle)};
  element.set("action", name_of(value))
      .set("initiator", value.initiator.text_for_wire())
      .set("responder", value.responder.text_for_wire())
      .set("sid", value.sid);
  for (const Content& content : value.contents) write_content(element, content);
  if (!value.bundle.empty()) {
    Element& group = element.add("group", ns::kGrouping);
    group.set("semantics", "BUNDLE");
    for (const std::string& name : value.bundle) group.add("content").set("name", name);
  }
  if (value.bridge_session) write_bridge_session(element, *value.bridge_session);
  if (value.ice_state) element.add("ice-state", ns::kFocus).text = *value.ice_state;
  if (value.reason) write_reason(element, *value.reason);
  write_start_muted(element, value);
  if (value.json_sources)
    element.add("json-message", ns::kJitmeet).text = write_json_sources(*value.json_sources);
  return element;
}

}  // namespace cloister::xmpp::xml
