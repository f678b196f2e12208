#include "wire/rtcp.h"

#include "base/assert.h"

namespace cloister::wire {

namespace {

constexpr std::size_t kSenderInfoSize = 24;  // with the SSRC

// A report may carry its loss count as any 24-bit two's complement number.
std::int32_t sign_extend_24(std::uint32_t value) { return static_cast<std::int32_t>(value << 8) >> 8; }

}  // namespace

std::optional<RtcpPacket> RtcpReader::next() {
  if (error_ || in_.left() == 0) return std::nullopt;
  const auto refuse = [this](RtcpError why) {
    error_ = why;
    return std::nullopt;
  };
  if (in_.left() < 4) return refuse(RtcpError::truncated);
  const std::uint8_t flags = in_.u8();
  if (flags >> 6 != 2) return refuse(RtcpError::not_version_2);
  RtcpPacket packet;
  packet.count = flags & 0x1fU;
  packet.type = RtcpType{in_.u8()};
  packet.body = in_.take(std::size_t{4} * in_.u16());
  if (!in_.ok()) return refuse(RtcpError::length_overrun);
  if ((flags & 0x20U) != 0) {
    const std::size_t padding = packet.body.empty() ? 0 : std::to_integer<std::size_t>(packet.body.back());
    if (padding == 0 || padding > packet.body.size()) return refuse(RtcpError::bad_field);
    packet.body = packet.body.first(packet.body.size() - padding);
  }
  return packet;
}

Result<SenderReport, RtcpError> parse_sender_report(const RtcpPacket& packet) {
  if (packet.type != RtcpType::sender_report) return fail(RtcpError::wrong_type);
  ByteReader in(packet.body);
  SenderReport report;
  report.ssrc = Ssrc{in.u32()};
  report.ntp = in.u64();
  report.rtp_timestamp = in.u32();
  report.packets = in.u32();
  report.octets = in.u32();
  if (!in.ok()) return fail(RtcpError::truncated);
  return report;
}

ReportBlocks::ReportBlocks(const RtcpPacket& packet) {
  std::size_t start = 0;
  if (packet.type == RtcpType::sender_report) start = kSenderInfoSize;
  if (packet.type == RtcpType::receiver_report) start = 4;
  const std::size_t size = packet.count * kReportBlockSize;
  if (start != 0 && packet.body.size() >= start + size) blocks_ = packet.body.subspan(start, size);
}

ReportBlock ReportBlocks::operator[](std::size_t index) const {
  ASSERT(index < size());
  ByteReader in(blocks_.subspan(index * kReportBlockSize, kReportBlockSize));
  ReportBlock block;
  block.ssrc = Ssrc{in.u32()};
  block.fraction_lost = in.u8();
  block.cumulative_lost = sign_extend_24(in.u24());
  block.highest_sequence = in.u32();
  block.jitter = in.u32();
  block.last_sr = in.u32();
  block.delay_since_last_sr = in.u32();
  return block;
}

void write_rtcp_header(ByteWriter& out, RtcpType type, std::uint8_t count, std::size_t words) {
  out.u8(static_cast<std::uint8_t>(0x80U | count)).u8(static_cast<std::uint8_t>(type));
  out.u16(static_cast<std::uint16_t>(words));
}

void write_sender_report(ByteWriter& out, const SenderReport& report) {
  write_rtcp_header(out, RtcpType::sender_report, 0, kSenderInfoSize / 4);
  out.u32(raw(report.ssrc)).u64(report.ntp).u32(report.rtp_timestamp).u32(report.packets).u32(report.octets);
}

void write_receiver_report(ByteWriter& out, Ssrc sender, std::span<const ReportBlock> blocks) {
  ASSERT(blocks.size() <= kMaxReportBlocks);
  write_rtcp_header(out, RtcpType::receiver_report, static_cast<std::uint8_t>(blocks.size()),
                    1 + blocks.size() * kReportBlockSize / 4);
  out.u32(raw(sender));
  for (const ReportBlock& block : blocks) {
    out.u32(raw(block.ssrc)).u8(block.fraction_lost);
    out.u24(static_cast<std::uint32_t>(block.cumulative_lost) & 0xffffffU);
    out.u32(block.highest_sequence).u32(block.jitter).u32(block.last_sr).u32(block.delay_since_last_sr);
  }
}

}  // namespace cloister::wire
