#include "wire/rtcp_feedback.h"

#include <bit>

namespace cloister::wire {

namespace {

constexpr std::size_t kFeedbackSsrcs = 8;        // bytes: sender and media
constexpr std::uint32_t kRembMark = 0x52454d42;  // "REMB"

bool is(const RtcpPacket& packet, RtcpType type, std::uint8_t format) {
  return packet.type == type && packet.count == format;
}

// A NACK item covers a packet and the 16 after it.
constexpr std::uint16_t kNackReach = 16;

}  // namespace

bool is_nack(const RtcpPacket& packet) { return is(packet, RtcpType::transport_feedback, kFormatNack); }
bool is_pli(const RtcpPacket& packet) { return is(packet, RtcpType::payload_feedback, kFormatPli); }
bool is_fir(const RtcpPacket& packet) { return is(packet, RtcpType::payload_feedback, kFormatFir); }

Result<Nack, RtcpError> parse_nack(const RtcpPacket& packet) {
  if (!is_nack(packet)) return fail(RtcpError::wrong_type);
  ByteReader in(packet.body);
  Nack nack{.sender = Ssrc{in.u32()}, .media = Ssrc{in.u32()}, .items = in.rest()};
  if (!in.ok() || nack.items.empty()) return fail(RtcpError::truncated);
  return nack;
}

void write_nack(ByteWriter& out, Ssrc sender, Ssrc media, std::span<const std::uint16_t> missing) {
  if (missing.empty()) return;
  const std::size_t start = out.size();
  write_rtcp_header(out, RtcpType::transport_feedback, kFormatNack, 0);
  out.u32(raw(sender)).u32(raw(media));
  std::size_t items = 0;
  while (!missing.empty()) {
    const std::uint16_t first = missing.front();
    std::uint16_t mask = 0;
    missing = missing.subspan(1);
    while (!missing.empty() && static_cast<std::uint16_t>(missing.front() - first) - 1U < kNackReach) {
      mask =
          static_cast<std::uint16_t>(mask | 1U << (static_cast<std::uint16_t>(missing.front() - first) - 1U));
      missing = missing.subspan(1);
    }
    out.u16(first).u16(mask);
    ++items;
  }
  if (out.ok()) set_u16(out.written(), start + 2, static_cast<std::uint16_t>(2 + items));
}

Result<Pli, RtcpError> parse_pli(const RtcpPacket& packet) {
  if (!is_pli(packet)) return fail(RtcpError::wrong_type);
  if (packet.body.size() < kFeedbackSsrcs) return fail(RtcpError::truncated);
  return Pli{.sender = Ssrc{get_u32(packet.body, 0)}, .media = Ssrc{get_u32(packet.body, 4)}};
}

void write_pli(ByteWriter& out, const Pli& pli) {
  write_rtcp_header(out, RtcpType::payload_feedback, kFormatPli, 2);
  out.u32(raw(pli.sender)).u32(raw(pli.media));
}

Result<Fir, RtcpError> parse_fir(const RtcpPacket& packet) {
  if (!is_fir(packet)) return fail(RtcpError::wrong_type);
  if (packet.body.size() < kFeedbackSsrcs + 8) return fail(RtcpError::truncated);
  return Fir{.sender = Ssrc{get_u32(packet.body, 0)}, .entries = packet.body.subspan(kFeedbackSsrcs)};
}

void write_fir(ByteWriter& out, Ssrc sender, Ssrc media, std::uint8_t command) {
  write_rtcp_header(out, RtcpType::payload_feedback, kFormatFir, 4);
  out.u32(raw(sender)).u32(0).u32(raw(media)).u8(command).u24(0);
}

Result<Remb, RtcpError> parse_remb(const RtcpPacket& packet) {
  if (!is(packet, RtcpType::payload_feedback, kFormatApplication)) return fail(RtcpError::wrong_type);
  ByteReader in(packet.body);
  Remb remb{.sender = Ssrc{in.u32()}};
  in.skip(4);
  if (in.u32() != kRembMark) return fail(in.ok() ? RtcpError::wrong_type : RtcpError::truncated);
  in.skip(1);
  const std::uint32_t rate = in.u24();
  if (!in.ok()) return fail(RtcpError::truncated);
  const std::uint32_t exponent = rate >> 18;
  const std::uint64_t mantissa = rate & 0x3ffffU;
  if (mantissa != 0 && static_cast<std::uint32_t>(std::countl_zero(mantissa)) < exponent)
    return fail(RtcpError::bad_field);
  remb.bitrate = mantissa == 0 ? 0 : mantissa << exponent;
  return remb;
}

void write_remb(ByteWriter& out, const Remb& remb, std::span<const Ssrc> sources) {
  const int exponent = std::max(0, static_cast<int>(std::bit_width(remb.bitrate)) - 18);
  write_rtcp_header(out, RtcpType::payload_feedback, kFormatApplication, 4 + sources.size());
  out.u32(raw(remb.sender)).u32(0).u32(kRembMark).u8(static_cast<std::uint8_t>(sources.size()));
  out.u24(static_cast<std::uint32_t>(exponent) << 18 | static_cast<std::uint32_t>(remb.bitrate >> exponent));
  for (const Ssrc source : sources) out.u32(raw(source));
}

}  // namespace cloister::wire
