// What a datagram on the media port is, by its first bytes (RFC 7983 §7, RFC 5761 §4).
#pragma once

#include "base/bytes.h"

namespace cloister::wire {

enum class PacketKind : std::uint8_t { stun, dtls, rtp, rtcp, unknown };

// RTCP packet types 192…223 take the place of the RTP payload types 64…95, which nobody may negotiate (RFC
// 5761 §4).
constexpr PacketKind classify(Bytes datagram) {
  if (datagram.size() < 2) return PacketKind::unknown;
  const std::uint8_t first = get_u8(datagram, 0);
  if (first <= 3) return PacketKind::stun;
  if (first >= 20 && first <= 63) return PacketKind::dtls;
  if (first < 128 || first > 191) return PacketKind::unknown;
  const std::uint8_t type = get_u8(datagram, 1);
  return type >= 192 && type <= 223 ? PacketKind::rtcp : PacketKind::rtp;
}

}  // namespace cloister::wire
