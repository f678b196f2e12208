#include "videobridge/conference/colibri/media_description.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace cloister::videobridge::conference {
namespace {

using media::EncodingDescription;
using media::PayloadFormat;
using media::SourceDescription;
using xmpp::colibri2::MediaSource;

const std::string* find_parameter(const xmpp::PayloadType& type, std::string_view name) {
  const auto found = std::ranges::find(type.parameters, name, &xmpp::Parameter::name);
  return found == type.parameters.end() ? nullptr : &found->value;
}

// Of an RTX payload type: which one it retransmits (RFC 4588 §8.1).
std::optional<std::uint8_t> associated_payload_type(const xmpp::PayloadType& type) {
  const std::string* text = find_parameter(type, "apt");
  std::uint8_t number = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc()) {
    return std::nullopt;
  }
  return number;
}

PayloadFormat to_format(const xmpp::PayloadType& type, MediaKind kind) {
  const auto has = [&](std::string_view feedback, std::string_view subtype) {
    return std::ranges::any_of(type.feedback, [&](const xmpp::RtcpFeedback& entry) {
      return entry.type == feedback && entry.subtype == subtype;
    });
  };
  PayloadFormat format;
  format.id = type.id;
  format.codec = media::codec_named(type.name, kind);
  format.kind = kind;
  format.clock_rate = type.clockrate;
  if (format.codec == media::Codec::rtx) format.retransmits = associated_payload_type(type);
  format.nack = has("nack", "");
  format.pli = has("nack", "pli");
  format.fir = has("ccm", "fir");
  format.transport_cc = has("transport-cc", "");
  format.remb = has("goog-remb", "");
  return format;
}

bool is_constant_bitrate(const xmpp::PayloadType& type) {
  const std::string* value = find_parameter(type, "cbr");
  return value && *value == "1";
}

// "urn:ietf:params:rtp-hdrext:encrypt <URI>" is the encrypted form of an extension (RFC 6904 §5). What may
// stand behind the URI are the extension's own attributes. One that the client declined is not used.
constexpr std::string_view kEncrypted = "urn:ietf:params:rtp-hdrext:encrypt ";

void add_extension(const xmpp::HeaderExtension& signalled, NegotiatedMedia& to) {
  if (signalled.declined) {
    to.extensions.remove(signalled.id);
    to.encrypted_extensions.reset(signalled.id);
    return;
  }
  std::string_view uri = signalled.uri;
  const bool encrypted = uri.starts_with(kEncrypted);
  if (encrypted) uri.remove_prefix(kEncrypted.size());
  to.extensions.add(signalled.id, media::extension_kind(uri.substr(0, uri.find(' '))));
  to.encrypted_extensions.set(signalled.id, encrypted);
}

void add_once(std::vector<Ssrc>& ssrcs, Ssrc ssrc) {
  if (std::ranges::find(ssrcs, ssrc) == ssrcs.end()) ssrcs.push_back(ssrc);
}

const xmpp::SourceGroup* find_group(const MediaSource& source, std::string_view semantics) {
  const auto found = std::ranges::find_if(source.groups, [&](const xmpp::SourceGroup& group) {
    return group.semantics == semantics && group.ssrcs.size() >= 2;
  });
  return found == source.groups.end() ? nullptr : &*found;
}

// Calls visit(primary, secondary) for each pair of the semantics.
template <class Visit>
void for_each_pair(const MediaSource& source, std::string_view semantics, Visit&& visit) {
  for (const xmpp::SourceGroup& group : source.groups) {
    if (group.semantics == semantics && group.ssrcs.size() >= 2) visit(group.ssrcs[0], group.ssrcs[1]);
  }
}

std::vector<Ssrc> primaries(const MediaSource& source) {
  std::vector<Ssrc> out;
  if (const xmpp::SourceGroup* simulcast = find_group(source, "SIM")) {
    for (const Ssrc ssrc : simulcast->ssrcs) add_once(out, ssrc);
    return out;
  }
  for (const xmpp::Source& entry : source.sources) add_once(out, entry.ssrc);
  for (const std::string_view semantics : {"FID", "FEC-FR"}) {
    for_each_pair(source, semantics, [&](Ssrc primary, Ssrc) { add_once(out, primary); });
    for_each_pair(source, semantics, [&](Ssrc, Ssrc secondary) { std::erase(out, secondary); });
  }
  return out;
}

SourceDescription to_source(const MediaSource& signalled) {
  SourceDescription out;
  out.name = signalled.id;
  out.kind = signalled.kind;
  for (const Ssrc ssrc : primaries(signalled)) out.encodings.push_back({.ssrc = ssrc, .rtx = std::nullopt});
  if (out.encodings.size() > media::kMaxEncodings) out.encodings.resize(media::kMaxEncodings);
  for_each_pair(signalled, "FID", [&](Ssrc primary, Ssrc rtx) {
    const auto found = std::ranges::find(out.encodings, primary, &EncodingDescription::ssrc);
    if (found != out.encodings.end()) found->rtx = rtx;
  });
  const auto is_desktop = [](const xmpp::Source& entry) {
    return entry.video_type == xmpp::VideoType::desktop;
  };
  if (std::ranges::any_of(signalled.sources, is_desktop)) out.video_type = media::VideoType::desktop;
  return out;
}

}  // namespace

void NegotiatedMedia::add(const xmpp::colibri2::Media& signalled) {
  for (const xmpp::PayloadType& type : signalled.payload_types) {
    const PayloadFormat format = to_format(type, signalled.kind);
    payloads.add(format);
    (signalled.kind == MediaKind::audio ? accepts_audio : accepts_video) = true;
    has_rtx |= format.codec == media::Codec::rtx;
    has_transport_cc |= signalled.kind == MediaKind::video && format.transport_cc;
    constant_bitrate_audio |= format.codec == media::Codec::opus && is_constant_bitrate(type);
  }
  for (const xmpp::HeaderExtension& extension : signalled.header_extensions) {
    add_extension(extension, *this);
  }
  if (signalled.extmap_allow_mixed) extensions.allow_mixed();
}

std::vector<SourceDescription> to_sources(std::span<const MediaSource> signalled) {
  std::vector<SourceDescription> out;
  for (const MediaSource& entry : signalled) {
    SourceDescription source = to_source(entry);
    const bool known = std::ranges::find(out, source.name, &SourceDescription::name) != out.end();
    if (!known && !source.encodings.empty()) out.push_back(std::move(source));
  }
  return out;
}

}  // namespace cloister::videobridge::conference
