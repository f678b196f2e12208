#include "xmpp/xml/rtp_xml.h"

#include <algorithm>
#include <cctype>

#include "xmpp/xml/namespaces.h"

namespace cloister::xmpp::xml {

namespace {

constexpr std::uint8_t kMaxPayloadType = 127;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string trimmed(const std::string& text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  return first == std::string::npos ? std::string()
                                    : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

RtcpFeedback parse_feedback(const Element& element) {
  return {.type = element.attribute("type"), .subtype = element.attribute("subtype")};
}

std::optional<PayloadType> parse_payload_type(const Element& element) {
  const auto id = element.number<std::uint8_t>("id");
  if (!id || *id > kMaxPayloadType) return std::nullopt;
  PayloadType type{.id = *id,
                   .name = element.attribute("name"),
                   .clockrate = element.number<std::uint32_t>("clockrate").value_or(0),
                   .channels = element.number<std::uint8_t>("channels").value_or(1)};
  for (const Element& child : element.children) {
    if (child.is("parameter", ns::kRtp)) {
      type.parameters.push_back({.name = child.attribute("name"), .value = child.attribute("value")});
    } else if (child.is("rtcp-fb", ns::kRtcpFeedback)) {
      type.feedback.push_back(parse_feedback(child));
    }
  }
  return type;
}

void write_payload_type(Element& to, const PayloadType& type) {
  Element& element = to.add("payload-type", ns::kRtp);
  element.set_number("id", type.id).set("name", type.name);
  if (type.clockrate != 0) element.set_number("clockrate", type.clockrate);
  if (type.channels != 1) element.set_number("channels", type.channels);
  for (const auto& [name, value] : type.parameters) {
    element.add("parameter", ns::kRtp).set("name", name).set_always("value", value);
  }
  for (const auto& [kind, subtype] : type.feedback) {
    element.add("rtcp-fb", ns::kRtcpFeedback).set("type", kind).set("subtype", subtype);
  }
}

std::optional<Candidate> parse_candidate(const Element& element) {
  const auto port = element.number<std::uint16_t>("port");
  const std::string& ip = element.attribute("ip");
  if (!port || ip.empty()) return std::nullopt;
  Candidate candidate{.id = element.attribute("id"),
                      .foundation = element.attribute("foundation"),
                      .component = element.number<std::uint8_t>("component").value_or(1),
                      .generation = element.number<std::uint8_t>("generation").value_or(0),
                      .network = element.number<std::uint8_t>("network").value_or(0),
                      .protocol = lower(element.attribute("protocol")),
                      .priority = element.number<std::uint32_t>("priority").value_or(0),
                      .ip = Personal(ip),
                      .port = *port,
                      .type = lower(element.attribute("type")),
                      .related_port = element.number<std::uint16_t>("rel-port").value_or(0),
                      .tcp_type = element.attribute("tcptype")};
  if (const std::string* related = element.find_attribute("rel-addr"); related)
    candidate.related_ip.emplace(*related);
  return candidate;
}

void write_candidate(Element& to, const Candidate& candidate) {
  Element& element = to.add("candidate", ns::kIceUdp);
  element.set_number("component", candidate.component)
      .set("foundation", candidate.foundation)
      .set_number("generation", candidate.generation)
      .set("id", candidate.id)
      .set("ip", candidate.ip.expose())
      .set_number("network", candidate.network)
      .set_number("port", candidate.port)
      .set_number("priority", candidate.priority)
      .set("protocol", candidate.protocol)
      .set("type", candidate.type);
  if (candidate.related_ip) {
    element.set("rel-addr", candidate.related_ip->expose()).set_number("rel-port", candidate.related_port);
  }
  element.set("tcptype", candidate.tcp_type);
}

Fingerprint parse_fingerprint(const Element& element) {
  return {.hash = lower(element.attribute("hash")),
          .setup = element.attribute("setup"),
          .value = upper(trimmed(element.text)),
          .required = element.flag_or("required", false),
          .cryptex = element.flag_or("cryptex", false)};
}

void write_fingerprint(Element& to, const Fingerprint& fingerprint) {
  Element& element = to.add("fingerprint", ns::kDtls);
  element.set("hash", fingerprint.hash)
      .set("setup", fingerprint.setup)
      .set_if("required", fingerprint.required)
      .set_if("cryptex", fingerprint.cryptex);
  element.text = fingerprint.value;
}

Source parse_source(const Element& element) {
  Source source{.ssrc = Ssrc(element.number<std::uint32_t>("ssrc").value_or(0)),
                .name = SourceName(element.attribute("name")),
                .video_type = lower(element.attribute("videoType")) == "desktop" ? VideoType::desktop
                                                                                 : VideoType::camera};
  for (const Element& child : element.children) {
    if (child.name == "parameter" && child.attribute("name") == "msid" && source.msid.empty()) {
      source.msid = child.attribute("value");
    } else if (child.is("ssrc-info", ns::kJitmeet)) {
      source.owner = child.attribute("owner");
    }
  }
  return source;
}

}  // namespace

MediaFormats parse_formats(const Element& parent) {
  MediaFormats formats;
  for (const Element& child : parent.children) {
    if (child.is("payload-type", ns::kRtp)) {
      if (auto type = parse_payload_type(child)) formats.payload_types.push_back(std::move(*type));
    } else if (child.is("rtp-hdrext", ns::kHeaderExtensions)) {
      const auto id = child.number<std::uint8_t>("id");
      if (id && *id != 0)
        formats.header_extensions.push_back(
            {.id = *id, .uri = child.attribute("uri"), .declined = child.attribute("senders") == "none"});
    } else if (child.is("extmap-allow-mixed", ns::kHeaderExtensions)) {
      formats.extmap_allow_mixed = true;
    }
  }
  return formats;
}

void write_formats(Element& to, const std::vector<PayloadType>& payload_types,
                   const std::vector<HeaderExtension>& header_extensions, bool extmap_allow_mixed) {
  for (const PayloadType& type : payload_types) write_payload_type(to, type);
  for (const auto& [id, uri, declined] : header_extensions) {
    Element& element = to.add("rtp-hdrext", ns::kHeaderExtensions).set_number("id", id).set("uri", uri);
    if (declined) element.set("senders", "none");
  }
  if (extmap_allow_mixed) to.add("extmap-allow-mixed", ns::kHeaderExtensions);
}

IceUdpTransport parse_ice_udp(const Element& transport) {
  IceUdpTransport ice{.ufrag = transport.attribute("ufrag"),
                      .pwd = transport.attribute("pwd"),
                      .ice_generation = transport.number<std::uint32_t>("ice-generation"),
                      .rtcp_mux = transport.find("rtcp-mux") != nullptr};
  for (const Element& child : transport.children) {
    if (child.is("candidate", ns::kIceUdp)) {
      if (auto candidate = parse_candidate(child)) ice.candidates.push_back(std::move(*candidate));
    } else if (child.is("fingerprint", ns::kDtls)) {
      ice.fingerprints.push_back(parse_fingerprint(child));
    } else if (child.is("web-socket", ns::kColibri)) {
      if (const std::string* url = child.find_attribute("url"); url) ice.web_sockets.emplace_back(*url);
    } else if (child.is("sctpmap", ns::kDtlsSctp)) {
      ice.sctp_port = child.number<std::uint16_t>("number");
    }
  }
  return ice;
}

Element write_ice_udp(const IceUdpTransport& ice) {
  Element transport{.name = "transport", .ns = std::string(ns::kIceUdp)};
  transport.set("ufrag", ice.ufrag).set("pwd", ice.pwd);
  if (ice.ice_generation) transport.set_number("ice-generation", *ice.ice_generation);
  if (ice.rtcp_mux) transport.add("rtcp-mux");
  for (const Fingerprint& fingerprint : ice.fingerprints) write_fingerprint(transport, fingerprint);
  for (const auto& url : ice.web_sockets) transport.add("web-socket", ns::kColibri).set("url", url.expose());
  for (const Candidate& candidate : ice.candidates) write_candidate(transport, candidate);
  if (ice.sctp_port) {
    transport.add("sctpmap", ns::kDtlsSctp)
        .set_number("number", *ice.sctp_port)
        .set("protocol", "webrtc-datachannel")
        .set("streams", "1024");
  }
  return transport;
}

std::vector<Source> parse_sources(const Element& parent) {
  std::vector<Source> sources;
  for (const Element& child : parent.children) {
    if (child.is("source", ns::kSources)) sources.push_back(parse_source(child));
  }
  return sources;
}

std::vector<SourceGroup> parse_groups(const Element& parent) {
  std::vector<SourceGroup> groups;
  for (const Element& child : parent.children) {
    if (!child.is("ssrc-group", ns::kSources)) continue;
    SourceGroup group{.semantics = child.attribute("semantics")};
    for (const Source& member : parse_sources(child)) group.ssrcs.push_back(member.ssrc);
    groups.push_back(std::move(group));
  }
  return groups;
}

void write_source(Element& to, const Source& source, SourceDetail detail, bool video) {
  Element& element = to.add("source", ns::kSources);
  element.set_number("ssrc", raw(source.ssrc)).set("name", source.name.expose());
  if (detail == SourceDetail::name_only) return;
  if (video) element.set("videoType", source.video_type == VideoType::desktop ? "desktop" : "camera");
  if (!source.owner.empty()) element.add("ssrc-info", ns::kJitmeet).set("owner", source.owner);
  if (!source.msid.empty())
    element.add("parameter", ns::kSources).set("name", "msid").set("value", source.msid);
}

void write_group(Element& to, const SourceGroup& group) {
  Element& element = to.add("ssrc-group", ns::kSources);
  element.set("semantics", group.semantics);
  for (const Ssrc ssrc : group.ssrcs) element.add("source", ns::kSources).set_number("ssrc", raw(ssrc));
}

}  // namespace cloister::xmpp::xml
