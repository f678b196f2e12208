#include "xmpp/xml/muc_xml.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "xmpp/xml/disco_xml.h"
#include "xmpp/xml/error_xml.h"
#include "xmpp/xml/namespaces.h"

namespace cloister::xmpp::xml {

namespace {

constexpr std::array<std::string_view, 5> kAffiliations{"outcast", "none", "member", "admin", "owner"};
constexpr std::array<std::string_view, 4> kRoles{"none", "visitor", "participant", "moderator"};

template <class T, std::size_t N>
std::optional<T> enum_of(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<T>(found - names.begin());
}

void parse_muc_user(const Element& x, MucPresence& presence) {
  for (const Element& child : x.children) {
    if (child.is("status", ns::kMucUser)) {
      if (const auto code = child.number<int>("code"); code) presence.status.push_back(*code);
    } else if (child.is("item", ns::kMucUser)) {
      presence.affiliation = affiliation_of(child.attribute("affiliation")).value_or(Affiliation::none);
      presence.role = role_of(child.attribute("role")).value_or(Role::none);
      presence.real_jid = Jid::parse(child.attribute("jid"));
      if (const std::string* nick = child.find_attribute("nick"); nick) presence.new_nick.emplace(*nick);
    } else if (child.is("destroy", ns::kMucUser)) {
      const Element* reason = child.find("reason");
      presence.destroyed = RoomDestroyed{.reason = reason ? reason->text : std::string(),
                                         .alternative = Jid::parse(child.attribute("jid"))};
    }
  }
}

// "av1, VP9,vp8" → three names in lower case.
std::vector<std::string> parse_codecs(const std::string& text) {
  std::vector<std::string> codecs(1);
  for (const char c : text) {
    if (c == ',') {
      codecs.emplace_back();
    } else if (c != ' ') {
      codecs.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  std::erase(codecs, "");
  return codecs;
}

void parse_stats(const Element& stats, MucPresence& presence) {
  for (const Element& stat : stats.children) {
    if (stat.is("stat", ns::kColibri)) presence.stats[stat.attribute("name")] = stat.attribute("value");
  }
}

// The elements that clients put into jabber:client.
void parse_plain_child(const Element& child, MucPresence& presence) {
  if (child.name == "SourceInfo") {
    presence.sources = parse_source_info(child.text);
  } else if (child.name == "audiomuted") {
    presence.audio_muted = child.text == "true";
  } else if (child.name == "videomuted") {
    presence.video_muted = child.text == "true";
  } else if (child.name == "stats-id") {
    presence.stats_id = Personal(child.text);
  } else if (child.name == "jitsi_participant_region") {
    presence.region = child.text;
  } else if (child.name == "jitsi_participant_codecList") {
    presence.codecs = parse_codecs(child.text);
  } else if (child.name == "status") {
    presence.status_text = child.text;
  } else if (child.name == "features") {
    for (const Element& feature : child.children) {
      if (feature.name == "feature") presence.features.push_back(feature.attribute("var"));
    }
  } else if (child.name == "error") {
    presence.error = parse_error(child);
  }
}

void write_content(Element& presence, const MucSelfPresence& content) {
  if (content.caps) presence.add(write_caps(*content.caps));
  if (content.etherpad) presence.add("etherpad", ns::kEtherpad).text = content.etherpad->expose();
  if (!content.versions.empty()) {
    Element& versions = presence.add("versions", ns::kJitmeet);
    for (const auto& [component, version] : content.versions) {
      versions.add("component").set("name", component).text = version;
    }
  }
  if (!content.conference_properties.empty()) {
    Element& properties = presence.add("conference-properties", ns::kFocus);
    for (const auto& [key, value] : content.conference_properties) {
      properties.add("property").set("key", key).set_always("value", value);
    }
  }
  if (content.bridge_not_available) presence.add("bridgeNotAvailable", ns::kFocus);
  if (!content.stats.empty()) {
    Element& stats = presence.add("stats", ns::kColibri);
    for (const auto& [name, value] : content.stats)
      stats.add("stat").set("name", name).set_always("value", value);
  }
}

}  // namespace

std::string_view name_of(Affiliation affiliation) {
  return kAffiliations.at(static_cast<std::size_t>(affiliation));
}
std::string_view name_of(Role role) { return kRoles.at(static_cast<std::size_t>(role)); }
std::optional<Affiliation> affiliation_of(std::string_view name) {
  return enum_of<Affiliation>(kAffiliations, name);
}
std::optional<Role> role_of(std::string_view name) { return enum_of<Role>(kRoles, name); }

std::optional<MucPresence> parse_muc_presence(const Element& element) {
  const std::string& type = element.attribute("type");
  const bool known = type.empty() || type == "unavailable" || type == "error";
  std::optional<Jid> occupant = Jid::parse(element.attribute("from"));
  if (!known || !occupant || occupant->is_bare()) return std::nullopt;
  MucPresence presence{.occupant = *occupant,
                       .nick = EndpointId(std::string(occupant->resource())),
                       .available = type.empty()};
  for (const Element& child : element.children) {
    if (child.is("x", ns::kMucUser)) {
      parse_muc_user(child, presence);
    } else if (child.is("c", ns::kCaps)) {
      presence.caps = parse_caps(child);
    } else if (child.is("nick", ns::kNick)) {
      presence.display_name = Personal(child.text);
    } else if (child.is("stats", ns::kColibri)) {
      parse_stats(child, presence);
    } else if (child.ns == kClientNamespace) {
      parse_plain_child(child, presence);
    }
  }
  if (type == "error" && !presence.error) presence.error.emplace();
  if (type != "error") presence.error.reset();
  return presence;
}

Element write_muc_presence(const Jid& occupant, PresenceKind kind, const MucSelfPresence& content,
                           const std::optional<Personal<std::string>>& password) {
  Element presence{.name = "presence", .ns = std::string(kClientNamespace)};
  presence.set("to", occupant.text_for_wire());
  if (kind == PresenceKind::leave) {
    presence.set("type", "unavailable");
    return presence;
  }
  if (kind == PresenceKind::join) {
    Element& x = presence.add("x", ns::kMuc);
    x.add("history").set("maxstanzas", "0");
    if (password) x.add("password").text = password->expose();
  }
  write_content(presence, content);
  return presence;
}

}  // namespace cloister::xmpp::xml
