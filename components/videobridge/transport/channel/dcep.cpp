#include "videobridge/transport/channel/dcep.h"

namespace cloister::videobridge::transport {
namespace {

constexpr std::size_t kOpenHeader = 12;

}  // namespace

Result<DcepMessage, DcepError> parse_dcep(Bytes message) {
  if (message.empty()) return fail(DcepError::truncated);
  ByteReader in(message);
  const std::uint8_t type = in.u8();
  DcepMessage out;
  if (type == static_cast<std::uint8_t>(DcepType::ack)) return out;
  if (type != static_cast<std::uint8_t>(DcepType::open)) return fail(DcepError::unknown_type);
  if (message.size() < kOpenHeader) return fail(DcepError::truncated);
  out.type = DcepType::open;
  in.skip(7);  // channel type, priority, reliability parameter
  const std::size_t label = in.u16();
  const std::size_t protocol = in.u16();
  if (in.left() != label + protocol) return fail(DcepError::bad_length);
  out.label = as_text(in.take(label));
  out.protocol = as_text(in.take(protocol));
  return out;
}

std::size_t write_dcep_open(MutableBytes out, std::string_view label, std::string_view protocol) {
  ByteWriter writer(out);
  writer.u8(static_cast<std::uint8_t>(DcepType::open)).u8(0).u16(0).u32(0);
  writer.u16(static_cast<std::uint16_t>(label.size())).u16(static_cast<std::uint16_t>(protocol.size()));
  writer.bytes(as_bytes(label)).bytes(as_bytes(protocol));
  return writer.ok() ? writer.size() : 0;
}

std::size_t write_dcep_ack(MutableBytes out) {
  ByteWriter writer(out);
  writer.u8(static_cast<std::uint8_t>(DcepType::ack));
  return writer.ok() ? writer.size() : 0;
}

}  // namespace cloister::videobridge::transport
