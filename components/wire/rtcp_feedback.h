// RTCP feedback messages (RFC 4585, RFC 5104): NACK, PLI, FIR, and the receiver's bandwidth estimate REMB
// (draft-alvestrand-rmcat-remb-03).
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "wire/rtcp.h"

namespace cloister::wire {

// Feedback formats (FMT), RFC 4585 §6.2 and §6.3, RFC 5104 §4.3.1.
inline constexpr std::uint8_t kFormatNack = 1;
inline constexpr std::uint8_t kFormatPli = 1;
inline constexpr std::uint8_t kFormatFir = 4;
inline constexpr std::uint8_t kFormatApplication = 15;  // REMB

bool is_nack(const RtcpPacket& packet);
bool is_pli(const RtcpPacket& packet);
bool is_fir(const RtcpPacket& packet);

// Generic NACK (RFC 4585 §6.2.1): which packets of `media` the sender of the message misses. Looks into the
// packet.
struct Nack {
  Ssrc sender{};
  Ssrc media{};
  Bytes items;  // packet id and bit mask, 4 bytes each

  // Calls visit(std::uint16_t sequence) for each missing packet.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t at = 0; at + 4 <= items.size(); at += 4) {
      const std::uint16_t first = get_u16(items, at);
      visit(first);
      for (std::uint16_t mask = get_u16(items, at + 2), ahead = 1; mask != 0;
           mask = static_cast<std::uint16_t>(mask >> 1), ++ahead)
        if ((mask & 1U) != 0) visit(static_cast<std::uint16_t>(first + ahead));
    }
  }
};
Result<Nack, RtcpError> parse_nack(const RtcpPacket& packet);
// `missing` in ascending order (wrapping). Writes nothing when it is empty.
void write_nack(ByteWriter& out, Ssrc sender, Ssrc media, std::span<const std::uint16_t> missing);

// Picture loss indication (RFC 4585 §6.3.1).
struct Pli {
  Ssrc sender{};
  Ssrc media{};
};
Result<Pli, RtcpError> parse_pli(const RtcpPacket& packet);
void write_pli(ByteWriter& out, const Pli& pli);

// Full intra request (RFC 5104 §4.3.1). Looks into the packet.
struct Fir {
  Ssrc sender{};
  Bytes entries;  // SSRC and command number, 8 bytes each

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t at = 0; at + 8 <= entries.size(); at += 8) visit(Ssrc{get_u32(entries, at)});
  }
};
Result<Fir, RtcpError> parse_fir(const RtcpPacket& packet);
// `command` grows by one with each new request for `media`; a repetition keeps it.
void write_fir(ByteWriter& out, Ssrc sender, Ssrc media, std::uint8_t command);

struct Remb {
  Ssrc sender{};
  std::uint64_t bitrate = 0;  // bit/s
};
Result<Remb, RtcpError> parse_remb(const RtcpPacket& packet);
void write_remb(ByteWriter& out, const Remb& remb, std::span<const Ssrc> sources);

}  // namespace cloister::wire
