// RTCP compounds (RFC 3550 §6), reduced-size ones too (RFC 5506): walking them, sender and receiver reports,
// and who says goodbye. Feedback messages are in rtcp_feedback.h and transport_cc.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

namespace cloister::wire {

enum class RtcpError : std::uint8_t { truncated, wrong_type, not_version_2, length_overrun, bad_field };

enum class RtcpType : std::uint8_t {
  sender_report = 200,
  receiver_report = 201,
  source_description = 202,
  bye = 203,
  application = 204,
  transport_feedback = 205,  // RFC 4585 §6.2
  payload_feedback = 206,    // RFC 4585 §6.3
  extended_report = 207,
};

// One packet of a compound. `body` is what follows the four bytes of header, without padding.
struct RtcpPacket {
  RtcpType type{};         // may hold a value without a name
  std::uint8_t count = 0;  // report count, source count or feedback format
  Bytes body;
};

// Walks a compound. Ends at the first packet that does not hold together; error() says why, the packets
// before stay valid.
class RtcpReader {
public:
  explicit RtcpReader(Bytes compound) : in_(compound) {}
  std::optional<RtcpPacket> next();
  std::optional<RtcpError> error() const { return error_; }

private:
  ByteReader in_;
  std::optional<RtcpError> error_;
};

// RFC 3550 §6.4.1, without the SSRC of who reports.
struct ReportBlock {
  Ssrc ssrc{};
  std::uint8_t fraction_lost = 0;         // of 256, since the last report
  std::int32_t cumulative_lost = 0;       // 24 bits, signed
  std::uint32_t highest_sequence = 0;     // extended by the count of cycles
  std::uint32_t jitter = 0;               // timestamp units
  std::uint32_t last_sr = 0;              // middle 32 bits of the NTP time of the last SR; 0: none
  std::uint32_t delay_since_last_sr = 0;  // 1/65536 s
  friend bool operator==(const ReportBlock&, const ReportBlock&) = default;
};
inline constexpr std::size_t kReportBlockSize = 24;
inline constexpr std::size_t kMaxReportBlocks = 31;

struct SenderReport {
  Ssrc ssrc{};
  std::uint64_t ntp = 0;  // 32.32 seconds
  std::uint32_t rtp_timestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;  // payload only
  // What a report block about this SR carries as `last_sr`.
  std::uint32_t compact_ntp() const { return static_cast<std::uint32_t>(ntp >> 16); }
  friend bool operator==(const SenderReport&, const SenderReport&) = default;
};

Result<SenderReport, RtcpError> parse_sender_report(const RtcpPacket& packet);
// The report blocks of an SR or RR; empty when it has fewer than it announces.
class ReportBlocks {
public:
  explicit ReportBlocks(const RtcpPacket& packet);
  std::size_t size() const { return blocks_.size() / kReportBlockSize; }
  ReportBlock operator[](std::size_t index) const;

private:
  Bytes blocks_;
};

// The writers append one packet; the writer turns bad when there is no room.
void write_sender_report(ByteWriter& out, const SenderReport& report);
// At most kMaxReportBlocks.
void write_receiver_report(ByteWriter& out, Ssrc sender, std::span<const ReportBlock> blocks);
// The four bytes every RTCP packet starts with; `words` is its length without them, in 32-bit words.
void write_rtcp_header(ByteWriter& out, RtcpType type, std::uint8_t count, std::size_t words);

}  // namespace cloister::wire
