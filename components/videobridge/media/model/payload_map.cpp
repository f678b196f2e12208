#include "videobridge/media/model/payload_map.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace cloister::videobridge::media {

namespace {

bool same_text(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

constexpr std::pair<std::string_view, Codec> kAudioCodecs[] = {
    {"opus",            Codec::opus           },
    {"red",             Codec::red            },
    {"telephone-event", Codec::telephone_event}
};
constexpr std::pair<std::string_view, Codec> kVideoCodecs[] = {
    {"VP8",  Codec::vp8 },
    {"VP9",  Codec::vp9 },
    {"AV1",  Codec::av1 },
    {"H264", Codec::h264},
    {"rtx",  Codec::rtx }
};

constexpr std::pair<std::string_view, ExtensionKind> kExtensions[] = {
    {"urn:ietf:params:rtp-hdrext:ssrc-audio-level",                                             ExtensionKind::audio_level       },
    {"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",                              ExtensionKind::absolute_send_time},
    {"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
     ExtensionKind::transport_cc                                                                                                 },
    {"urn:ietf:params:rtp-hdrext:sdes:mid",                                                     ExtensionKind::mid               },
    {"urn:3gpp:video-orientation",                                                              ExtensionKind::video_orientation },
    {"https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
     ExtensionKind::dependency_descriptor                                                                                        },
    {"http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00",
     ExtensionKind::video_layers_allocation                                                                                      },
};

}  // namespace

Codec codec_named(std::string_view name, MediaKind kind) {
  if (kind == MediaKind::audio) {
    for (const auto& [known, codec] : kAudioCodecs)
      if (same_text(known, name)) return codec;
    return Codec::other_audio;
  }
  for (const auto& [known, codec] : kVideoCodecs)
    if (same_text(known, name)) return codec;
  return Codec::other_video;
}

void PayloadMap::add(const PayloadFormat& format) {
  if (format.id >= places_.size()) return;
  if (places_[format.id] == 0) {
    formats_.emplace_back();
    places_[format.id] = static_cast<std::uint8_t>(formats_.size());
  }
  formats_[places_[format.id] - std::size_t{1}] = format;
}

const PayloadFormat* PayloadMap::find_rtx() const {
  const auto found = std::ranges::find(formats_, Codec::rtx, &PayloadFormat::codec);
  return found == formats_.end() ? nullptr : &*found;
}

std::optional<std::uint8_t> PayloadMap::rtx_for(std::uint8_t id) const {
  for (const PayloadFormat& format : formats_)
    if (format.codec == Codec::rtx && format.retransmits == id) return format.id;
  return std::nullopt;
}

ExtensionKind extension_kind(std::string_view uri) {
  for (const auto& [known, kind] : kExtensions)
    if (known == uri) return kind;
  return ExtensionKind::unknown;
}

void ExtensionMap::add(std::uint8_t id, ExtensionKind kind) {
  if (id == 0 || kind == ExtensionKind::unknown) return;
  kinds_[id] = kind;
  ids_[static_cast<std::size_t>(kind)] = id;
}

void ExtensionMap::remove(std::uint8_t id) {
  ids_[static_cast<std::size_t>(kinds_[id])] = 0;
  kinds_[id] = ExtensionKind::unknown;
}

}  // namespace cloister::videobridge::media
