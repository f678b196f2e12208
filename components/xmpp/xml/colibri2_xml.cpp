#include "xmpp/xml/colibri2_xml.h"

#include <algorithm>
#include <array>

#include "xmpp/xml/namespaces.h"
#include "xmpp/xml/rtp_xml.h"

namespace cloister::xmpp::xml {

using colibri2::ConferenceModified;
using colibri2::ConferenceModify;
using colibri2::Endpoint;
using colibri2::ErrorReason;

namespace {

template <class T>
using Parsed = Result<T, StanzaError>;

auto bad_request(std::string text) {
  return fail(StanzaError{
      .condition = ErrorCondition::bad_request, .text = std::move(text), .colibri = colibri2::Error{}});
}

std::optional<MediaKind> kind_of(const Element& element) {
  const std::string& type = element.attribute("type");
  if (type == "audio") return MediaKind::audio;
  if (type == "video") return MediaKind::video;
  return std::nullopt;
}

std::string_view name_of(MediaKind kind) { return kind == MediaKind::audio ? "audio" : "video"; }

Parsed<colibri2::Media> parse_media(const Element& element) {
  const auto kind = kind_of(element);
  if (!kind) return bad_request("media without a known type");
  MediaFormats formats = parse_formats(element);
  return colibri2::Media{.kind = *kind,
                         .payload_types = std::move(formats.payload_types),
                         .header_extensions = std::move(formats.header_extensions),
                         .extmap_allow_mixed = formats.extmap_allow_mixed};
}

void write_media(Element& to, const colibri2::Media& media) {
  Element& element = to.add("media");
  element.set("type", name_of(media.kind));
  write_formats(element, media.payload_types, media.header_extensions, media.extmap_allow_mixed);
}

colibri2::Transport parse_transport(const Element& element) {
  colibri2::Transport transport{.ice_controlling = element.flag_or("ice-controlling", false),
                                .use_unique_port = element.flag_or("use-unique-port", false),
                                .ice_restart = element.flag_or("ice-restart", false)};
  if (const Element* ice = element.find("transport", ns::kIceUdp); ice) transport.ice = parse_ice_udp(*ice);
  if (const Element* sctp = element.find("sctp"); sctp) {
    transport.sctp =
        colibri2::Sctp{.port = sctp->number<std::uint16_t>("port"), .role = sctp->attribute("role")};
  }
  return transport;
}

void write_transport(Element& to, const colibri2::Transport& transport) {
  Element& element = to.add("transport");
  element.set_if("ice-controlling", transport.ice_controlling)
      .set_if("use-unique-port", transport.use_unique_port)
      .set_if("ice-restart", transport.ice_restart);
  if (transport.ice) element.add(write_ice_udp(*transport.ice));
  if (!transport.sctp) return;
  Element& sctp = element.add("sctp");
  if (transport.sctp->port) sctp.set_number("port", *transport.sctp->port);
  sctp.set("role", transport.sctp->role);
}

Parsed<std::vector<colibri2::MediaSource>> parse_media_sources(const Element& element) {
  std::vector<colibri2::MediaSource> all;
  for (const Element& child : element.children) {
    if (!child.is("media-source", ns::kColibri2)) continue;
    const auto kind = kind_of(child);
    if (!kind) return bad_request("media-source without a known type");
    all.push_back({.kind = *kind,
                   .id = SourceName(child.attribute("id")),
                   .sources = parse_sources(child),
                   .groups = parse_groups(child)});
  }
  return all;
}

void write_media_sources(Element& to, const std::vector<colibri2::MediaSource>& all) {
  Element& element = to.add("sources");
  for (const colibri2::MediaSource& media_source : all) {
    Element& child = element.add("media-source");
    child.set("type", name_of(media_source.kind)).set("id", media_source.id.expose());
    for (const Source& source : media_source.sources)
      write_source(child, source, SourceDetail::name_only, false);
    for (const SourceGroup& group : media_source.groups) write_group(child, group);
  }
}

// The children of an <endpoint>.
Parsed<Endpoint> parse_endpoint_content(const Element& element, Endpoint endpoint) {
  for (const Element& child : element.children) {
    if (child.ns != ns::kColibri2) continue;
    if (child.name == "capability") {
      endpoint.capabilities.push_back(child.attribute("name"));
    } else if (child.name == "media") {
      auto media = parse_media(child);
      if (!media) return fail(std::move(media.error()));
      endpoint.media.push_back(std::move(*media));
    } else if (child.name == "transport") {
      endpoint.transport = parse_transport(child);
    } else if (child.name == "sources") {
      auto sources = parse_media_sources(child);
      if (!sources) return fail(std::move(sources.error()));
      endpoint.sources = std::move(*sources);
    } else if (child.name == "force-mute") {
      endpoint.force_mute = {.audio = child.flag_or("audio", false), .video = child.flag_or("video", false)};
    } else if (child.name == "initial-last-n") {
      endpoint.initial_last_n = child.number<int>("value");
    }
  }
  return endpoint;
}

Parsed<Endpoint> parse_endpoint(const Element& element) {
  if (element.attribute("id").empty()) return bad_request("endpoint without id");
  return parse_endpoint_content(element, {.id = EndpointId(element.attribute("id")),
                                          .create = element.flag_or("create", false),
                                          .expire = element.flag_or("expire", false),
                                          .stats_id = Personal(element.attribute("stats-id")),
                                          .muc_role = element.attribute("muc-role")});
}

void write_endpoint(Element& to, const Endpoint& endpoint) {
  Element& element = to.add("endpoint");
  element.set("id", endpoint.id.expose())
      .set_if("create", endpoint.create)
      .set_if("expire", endpoint.expire)
      .set("stats-id", endpoint.stats_id.expose())
      .set("muc-role", endpoint.muc_role);
  for (const colibri2::Media& media : endpoint.media) write_media(element, media);
  if (endpoint.transport) write_transport(element, *endpoint.transport);
  if (endpoint.sources) write_media_sources(element, *endpoint.sources);
  if (endpoint.force_mute) {
    element.add("force-mute")
        .set("audio", endpoint.force_mute->audio ? "true" : "false")
        .set("video", endpoint.force_mute->video ? "true" : "false");
  }
  if (endpoint.initial_last_n) element.add("initial-last-n").set_number("value", *endpoint.initial_last_n);
  for (const std::string& capability : endpoint.capabilities)
    element.add("capability").set("name", capability);
}

Parsed<std::vector<Endpoint>> parse_endpoints(const Element& element) {
  std::vector<Endpoint> all;
  for (const Element& child : element.children) {
    if (!child.is("endpoint", ns::kColibri2)) continue;
    auto endpoint = parse_endpoint(child);
    if (!endpoint) return fail(std::move(endpoint.error()));
    all.push_back(std::move(*endpoint));
  }
  return all;
}

Parsed<colibri2::Relay> parse_relay(const Element& element) {
  colibri2::Relay relay{.id = element.attribute("id"),
                        .mesh_id = element.attribute("mesh-id"),
                        .create = element.flag_or("create", false),
                        .expire = element.flag_or("expire", false)};
  if (relay.id.empty()) return bad_request("relay without id");
  for (const Element& child : element.children) {
    if (child.is("media", ns::kColibri2)) {
      auto media = parse_media(child);
      if (!media) return fail(std::move(media.error()));
      relay.media.push_back(std::move(*media));
    } else if (child.is("transport", ns::kColibri2)) {
      relay.transport = parse_transport(child);
    } else if (child.is("endpoints", ns::kColibri2)) {
      auto endpoints = parse_endpoints(child);
      if (!endpoints) return fail(std::move(endpoints.error()));
      relay.endpoints = std::move(*endpoints);
    }
  }
  return relay;
}

void write_relay(Element& to, const colibri2::Relay& relay) {
  Element& element = to.add("relay");
  element.set("id", relay.id)
      .set("mesh-id", relay.mesh_id)
      .set_if("create", relay.create)
      .set_if("expire", relay.expire);
  for (const colibri2::Media& media : relay.media) write_media(element, media);
  if (relay.transport) write_transport(element, *relay.transport);
  if (relay.endpoints.empty()) return;
  Element& endpoints = element.add("endpoints");
  for (const Endpoint& endpoint : relay.endpoints) write_endpoint(endpoints, endpoint);
}

std::optional<colibri2::Transport> parse_answered_transport(const Element& answer) {
  const Element* transport = answer.find("transport");
  if (!transport) return std::nullopt;
  return parse_transport(*transport);
}

struct ReasonName {
  std::string_view name;
  ErrorReason reason;
};
constexpr std::array kReasons{
    ReasonName{"conference_not_found",      ErrorReason::conference_not_found     },
    ReasonName{"conference_already_exists", ErrorReason::conference_already_exists},
    ReasonName{"feature_not_implemented",   ErrorReason::feature_not_implemented  },
    ReasonName{"graceful_shutdown",         ErrorReason::graceful_shutdown        },
    ReasonName{"unknown_endpoint",          ErrorReason::unknown_endpoint         },
    ReasonName{"unspecified",               ErrorReason::unspecified              },
};

}  // namespace

Result<ConferenceModify, StanzaError> parse_conference_modify(const Element& element) {
  if (element.attribute("meeting-id").empty()) return bad_request("conference-modify without meeting-id");
  ConferenceModify value{.meeting_id = MeetingId(element.attribute("meeting-id")),
                         .create = element.flag_or("create", false),
                         .expire = element.flag_or("expire", false),
                         .rtcstats_enabled = element.flag_or("rtcstats-enabled", true)};
  if (const std::string* name = element.find_attribute("name"); name) value.name.emplace(*name);
  for (const Element& child : element.children) {
    if (child.is("relay", ns::kColibri2)) {
      auto relay = parse_relay(child);
      if (!relay) return fail(std::move(relay.error()));
      value.relays.push_back(std::move(*relay));
    }
    if (child.is("connects", ns::kColibri2)) ++value.connects;
    if (!child.is("endpoint", ns::kColibri2)) continue;
    auto endpoint = parse_endpoint(child);
    if (!endpoint) return fail(std::move(endpoint.error()));
    value.endpoints.push_back(std::move(*endpoint));
  }
  return value;
}

Element write_conference_modify(const ConferenceModify& value) {
  Element element{.name = "conference-modify", .ns = std::string(ns::kColibri2)};
  element.set("meeting-id", value.meeting_id.expose());
  if (value.name) element.set("name", value.name->expose());
  element.set_if("create", value.create).set_if("expire", value.expire);
  if (!value.rtcstats_enabled) element.set("rtcstats-enabled", "false");
  for (const Endpoint& endpoint : value.endpoints) write_endpoint(element, endpoint);
  for (const colibri2::Relay& relay : value.relays) write_relay(element, relay);
  return element;
}

Result<ConferenceModified, StanzaError> parse_conference_modified(const Element& element) {
  ConferenceModified value;
  for (const Element& child : element.children) {
    const std::string& id = child.attribute("id");
    if (child.is("endpoint", ns::kColibri2)) {
      if (id.empty()) return bad_request("endpoint without id");
      value.endpoints.push_back({.id = EndpointId(id),
                                 .expire = child.flag_or("expire", false),
                                 .transport = parse_answered_transport(child)});
    } else if (child.is("relay", ns::kColibri2)) {
      if (id.empty()) return bad_request("relay without id");
      value.relays.push_back(
          {.id = id, .expire = child.flag_or("expire", false), .transport = parse_answered_transport(child)});
    } else if (child.is("sources", ns::kColibri2)) {
      auto sources = parse_media_sources(child);
      if (!sources) return fail(std::move(sources.error()));
      value.sources = std::move(*sources);
    }
  }
  return value;
}

Element write_conference_modified(const ConferenceModified& value) {
  Element element{.name = "conference-modified", .ns = std::string(ns::kColibri2)};
  for (const colibri2::EndpointAnswer& answer : value.endpoints) {
    Element& endpoint = element.add("endpoint");
    endpoint.set("id", answer.id.expose()).set_if("expire", answer.expire);
    if (answer.transport) write_transport(endpoint, *answer.transport);
  }
  for (const colibri2::RelayAnswer& answer : value.relays) {
    Element& relay = element.add("relay");
    relay.set("id", answer.id).set_if("expire", answer.expire);
    if (answer.transport) write_transport(relay, *answer.transport);
  }
  if (!value.sources.empty()) write_media_sources(element, value.sources);
  return element;
}

colibri2::Error parse_colibri_error(const Element& element) {
  const auto found = std::ranges::find(kReasons, element.attribute("reason"), &ReasonName::name);
  colibri2::Error error{.reason = found == kReasons.end() ? ErrorReason::unspecified : found->reason};
  if (const Element* endpoint = element.find("endpoint"); endpoint && !endpoint->attribute("id").empty()) {
    error.endpoint = EndpointId(endpoint->attribute("id"));
  }
  return error;
}

Element write_colibri_error(const colibri2::Error& value) {
  Element element{.name = "error", .ns = std::string(ns::kColibri2)};
  element.set("reason", std::ranges::find(kReasons, value.reason, &ReasonName::reason)->name);
  if (value.endpoint) element.add("endpoint").set("id", value.endpoint->expose());
  return element;
}

}  // namespace cloister::xmpp::xml
