// The parts that Jingle and Colibri2 share, as XML. Writers append to `to`; readers skip what they cannot
// use: a payload type without a valid id, a candidate without an address. A source whose SSRC is missing or
// not a 32-bit number is read as SSRC 0, which no rule of the focus or the bridge accepts (focus.md §4.6).
#pragma once

#include "xmpp/rtp_description.h"
#include "xmpp/xml/element.h"

namespace cloister::xmpp::xml {

// <payload-type>, <rtp-hdrext>, <extmap-allow-mixed> below a description or a Colibri2 media.
struct MediaFormats {
  std::vector<PayloadType> payload_types;
  std::vector<HeaderExtension> header_extensions;
  bool extmap_allow_mixed = false;
};
MediaFormats parse_formats(const Element& parent);
void write_formats(Element& to, const std::vector<PayloadType>& payload_types,
                   const std::vector<HeaderExtension>& header_extensions, bool extmap_allow_mixed);

// The XEP-0176 <transport>.
IceUdpTransport parse_ice_udp(const Element& transport);
Element write_ice_udp(const IceUdpTransport& transport);

// <source> and <ssrc-group> below `parent`.
std::vector<Source> parse_sources(const Element& parent);
std::vector<SourceGroup> parse_groups(const Element& parent);
enum class SourceDetail : std::uint8_t {
  full,      // with msid, owner, videoType (Jingle)
  name_only  // Colibri2 (focus.md §5.3)
};
void write_source(Element& to, const Source& source, SourceDetail detail, bool video);
void write_group(Element& to, const SourceGroup& group);

}  // namespace cloister::xmpp::xml
