#include "wire/rtp_header.h"

namespace cloister::wire {

Result<RtpHeader, RtpError> parse_rtp(Bytes datagram) {
  ByteReader in(datagram);
  if (in.left() < kRtpFixedHeader) return fail(RtpError::truncated);
  const std::uint8_t flags = in.u8();
  if (flags >> 6 != 2) return fail(RtpError::not_version_2);

  RtpHeader header;
  const std::uint8_t type = in.u8();
  header.marker = (type & 0x80U) != 0;
  header.payload_type = type & 0x7fU;
  header.sequence = in.u16();
  header.timestamp = in.u32();
  header.ssrc = Ssrc{in.u32()};
  header.csrcs = in.take(4U * (flags & 0x0fU));
  if (!in.ok()) return fail(RtpError::csrc_overrun);
  if ((flags & 0x10U) != 0) {
    header.extension_profile = in.u16();
    header.extension = in.take(std::size_t{4} * in.u16());
    if (!in.ok()) return fail(RtpError::extension_overrun);
  }
  header.payload = in.rest();
  if ((flags & 0x20U) != 0) {
    if (header.payload.empty()) return fail(RtpError::padding_overrun);
    header.padding = std::to_integer<std::uint8_t>(header.payload.back());
    if (header.padding == 0 || header.padding > header.payload.size()) return fail(RtpError::padding_overrun);
    header.payload = header.payload.first(header.payload.size() - header.padding);
  }
  return header;
}

void write_rtp_header(ByteWriter& out, const RtpHeader& header, HasExtension has_extension) {
  unsigned flags = 0x80U | static_cast<unsigned>(header.csrcs.size() / 4);
  if (header.padding > 0) flags |= 0x20U;
  if (has_extension == HasExtension::yes) flags |= 0x10U;
  out.u8(static_cast<std::uint8_t>(flags));
  out.u8(static_cast<std::uint8_t>((header.marker ? 0x80U : 0U) | header.payload_type));
  out.u16(header.sequence).u32(header.timestamp).u32(raw(header.ssrc)).bytes(header.csrcs);
}

}  // namespace cloister::wire
