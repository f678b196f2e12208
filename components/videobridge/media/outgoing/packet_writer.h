// Writes one plaintext RTP packet for one receiver: a fresh header, the payload copied from the shared
// packet, the VP8 descriptor patched. The one place that knows what a sent packet looks like (padding that
// makes a train's packets equal will go here).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "videobridge/media/model/parsed_packet.h"
#include "videobridge/media/projection/projection.h"

namespace cloister::videobridge::media {

struct PacketFields {
  wire::RtpHeader header;  // as sent; extension and padding are not looked at
  std::span<const KeptExtension> kept;
  std::string_view mid;                             // empty: not stamped
  std::optional<std::uint16_t> transport_sequence;  // tagged when the receiver has the extension
  std::optional<TimePoint> absolute_send_time;      // the same
  std::optional<std::uint16_t> original_sequence;   // RTX: in front of the payload (RFC 4588 §4)
  const wire::Vp8Descriptor* descriptor = nullptr;  // of header.payload, where `vp8` is to be patched in
  std::optional<Vp8Numbers> vp8;
};

// Returns the packet's length, or 0 when it does not fit. Extensions that the receiver has not negotiated are
// left out.
std::size_t write_packet(MutableBytes room, const PacketFields& fields, const ExtensionMap& extensions);

}  // namespace cloister::videobridge::media
