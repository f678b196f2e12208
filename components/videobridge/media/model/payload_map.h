// What an endpoint negotiated: payload types and header extension ids (protocol/bridge.md §5.3, §5.4). The
// numbers are the same for the whole conference; which of them an endpoint accepts is its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace cloister::videobridge::media {

enum class Codec : std::uint8_t {
  opus,
  red,
  telephone_event,
  other_audio,
  vp8,
  vp9,
  av1,
  h264,
  rtx,
  other_video
};

// The codec of a payload type's name ("VP8", "opus"), in any case.
Codec codec_named(std::string_view name, MediaKind kind);

struct PayloadFormat {
  std::uint8_t id = 0;  // 0…127
  Codec codec = Codec::other_audio;
  MediaKind kind = MediaKind::audio;
  std::uint32_t clock_rate = 0;               // Hz
  std::optional<std::uint8_t> retransmits{};  // RTX only: its `apt`
  bool nack = false;                          // rtcp-fb
  bool pli = false;
  bool fir = false;
  bool transport_cc = false;
  bool remb = false;
};

class PayloadMap {
public:
  // Ids above 127 are ignored; the last format of an id stays.
  void add(const PayloadFormat& format);
  const PayloadFormat* find(std::uint8_t id) const {
    return id < places_.size() && places_[id] != 0 ? &formats_[places_[id] - std::size_t{1}] : nullptr;
  }
  // Any RTX format, if there is one: for padding.
  const PayloadFormat* find_rtx() const;
  // The RTX payload type that retransmits `id`.
  std::optional<std::uint8_t> rtx_for(std::uint8_t id) const;

private:
  std::vector<PayloadFormat> formats_;      // a dozen
  std::array<std::uint8_t, 128> places_{};  // by id, from 1; 0: none
};

enum class ExtensionKind : std::uint8_t {
  unknown,
  audio_level,  // RFC 6464
  absolute_send_time,
  transport_cc,
  mid,                    // RFC 9143
  video_orientation,      // 3GPP TS 26.114
  dependency_descriptor,  // AV1 RTP, appendix A
  video_layers_allocation,
};
inline constexpr std::size_t kExtensionKinds = 8;

// Unknown and unused ones are ExtensionKind::unknown.
ExtensionKind extension_kind(std::string_view uri);

class ExtensionMap {
public:
  // Ignores id 0 and unknown kinds.
  void add(std::uint8_t id, ExtensionKind kind);
  void remove(std::uint8_t id);
  void allow_mixed() { mixed_ = true; }  // extmap-allow-mixed (RFC 8285 §6): both forms may be sent
  bool mixed() const { return mixed_; }
  ExtensionKind kind(std::uint8_t id) const { return kinds_[id]; }
  // 0: not negotiated.
  std::uint8_t id(ExtensionKind kind) const { return ids_[static_cast<std::size_t>(kind)]; }

private:
  std::array<ExtensionKind, 256> kinds_{};
  std::array<std::uint8_t, kExtensionKinds> ids_{};
  bool mixed_ = false;
};

}  // namespace cloister::videobridge::media
