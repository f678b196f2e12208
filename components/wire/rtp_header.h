// RTP's fixed header (RFC 3550 §5.1) with its extension block (§5.3.1): bytes ↔ values.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

namespace cloister::wire {

inline constexpr std::size_t kRtpFixedHeader = 12;  // bytes

enum class RtpError : std::uint8_t {
  truncated,
  not_version_2,
  csrc_overrun,
  extension_overrun,
  padding_overrun
};

// The spans look into the datagram and live as long as its buffer.
struct RtpHeader {
  std::uint8_t payload_type = 0;
  bool marker = false;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  Ssrc ssrc{};
  Bytes csrcs;                          // 4 bytes each
  std::uint16_t extension_profile = 0;  // 0 when there is no extension block
  Bytes extension;                      // the elements (RFC 8285), without profile and length
  Bytes payload;                        // without padding
  std::uint8_t padding = 0;             // bytes behind the payload
};

Result<RtpHeader, RtpError> parse_rtp(Bytes datagram);

// Writes the fixed header and the CSRCs; `has_extension` announces that an extension block follows. `padding`
// is announced by its bit; the caller appends it. The writer turns bad when there is no room.
enum class HasExtension : bool { no, yes };
void write_rtp_header(ByteWriter& out, const RtpHeader& header, HasExtension has_extension);

}  // namespace cloister::wire
