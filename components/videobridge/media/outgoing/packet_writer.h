// Writes one plaintext RTP packet for one receiver: a fresh header, the payload copied from the shared
// packet, the codec's own numbers patched. The one place that knows what a sent packet looks like (padding
// that makes a train's packets equal will go here).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "videobridge/media/model/parsed_packet.h"
#include "videobridge/media/projection/codec_numbers.h"

namespace cloister::videobridge::media {

struct PacketFields {
  wire::RtpHeader header;  // as sent; extension and padding are not looked at
  std::span<const KeptExtension> kept;
  std::string_view mid;                             // empty: not stamped
  std::optional<std::uint16_t> transport_sequence;  // tagged when the receiver has the extension
  std::optional<TimePoint> absolute_send_time;      // the same
  std::optional<std::uint16_t> original_sequence;   // RTX: in front of the payload (RFC 4588 §4)
  CodecNumbers codec;                               // put in the place of the sender's
  std::uint8_t padding = 0;                         // bytes behind the payload (RFC 3550 §5.1)
};

// Returns the packet's length, or 0 when it does not fit. Extensions that the receiver has not negotiated are
// left out.
std::size_t write_packet(MutableBytes room, const PacketFields& fields, const ExtensionMap& extensions);

}  // namespace cloister::videobridge::media
