// An RTP packet after the receive path: everything the receivers' send paths need, found once.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "net/packet_pool.h"
#include "videobridge/media/model/payload_map.h"
#include "videobridge/media/model/source.h"
#include "wire/dependency_descriptor.h"
#include "wire/rtp_header.h"
#include "wire/vp8.h"
#include "wire/vp9.h"

namespace cloister::videobridge::media {

// RFC 6464 §3.
struct AudioLevel {
  std::uint8_t below_full = 127;  // −dBov: 0 loudest, 127 silence
  bool voice = false;
};

// An extension element that goes on to the receivers (protocol/bridge.md §5.2).
struct KeptExtension {
  ExtensionKind kind = ExtensionKind::unknown;
  Bytes data;
};
// Audio level, orientation and dependency descriptor: more are never kept.
inline constexpr std::size_t kMaxKept = 3;

// The frame of a RED packet that is its own (RFC 2198), for receivers without RED.
struct RedPrimary {
  std::uint8_t payload_type = 0;
  Bytes payload;
};

struct ParsedPacket {
  net::Packet packet;  // owns the bytes that `header` and `kept` look into; share() it to keep them
  wire::RtpHeader
      header;  // RTX already undone: media SSRC, sequence and payload type; no padding; sequence renumbered
  Source* source = nullptr;
  Layer layer;         // spatial and temporal 0 where the codec does not say
  LayerSet needed_by;  // of the layer's encoding
  const PayloadFormat* format = nullptr;
  TimePoint arrival;
  std::optional<wire::Vp8Descriptor> vp8;
  std::optional<wire::Vp9Descriptor> vp9;
  // Where no picture ids are to go by; `structure` belongs to the source.
  std::optional<wire::DependencyDescriptor> dependencies;
  const wire::DependencyStructure* structure = nullptr;
  bool key_frame = false;         // first packet of one; only where key_frames_known
  bool key_frames_known = false;  // the codec shows its key frames
  std::optional<AudioLevel> level;
  std::optional<RedPrimary> red_primary;
  std::array<KeptExtension, kMaxKept> kept;
  std::uint8_t kept_count = 0;
};

}  // namespace cloister::videobridge::media
