// Writes one plaintext RTP packet for one receiver: a fresh header, the payload copied from the shared
// packet, the codec's own numbers patched. The one place that knows what a sent packet looks like.
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
  bool rounded = false;                             // padding as rounding() says, in place of that
};

// Lengths are rounded up to multiples of this, so that packets that differ by a byte may leave as one train
// (docs/decisions/0019).
inline constexpr std::size_t kRoundedTo = 16;
// Smaller ones come alone mostly.
inline constexpr std::size_t kSmallestRounded = 300;
// With 16 bytes of SRTP and 48 of UDP and IPv6 the 1280 that every path carries (RFC 8200 §5).
inline constexpr std::size_t kLargestRounded = 1216;

// How much padding a packet of `length` gets, header included.
constexpr std::uint8_t rounding(std::size_t length) {
  const std::size_t rounded = (length + kRoundedTo - 1) / kRoundedTo * kRoundedTo;
  if (length < kSmallestRounded || rounded > kLargestRounded) return 0;
  return static_cast<std::uint8_t>(rounded - length);
}

// Returns the packet's length, or 0 when it does not fit. Extensions that the receiver has not negotiated are
// left out.
std::size_t write_packet(MutableBytes room, const PacketFields& fields, const ExtensionMap& extensions);

}  // namespace cloister::videobridge::media
