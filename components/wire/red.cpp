#include "wire/red.h"

namespace cloister::wire {

Result<RedPayload, RedError> parse_red(Bytes payload) {
  ByteReader in(payload);
  RedPayload red;
  std::array<std::size_t, RedPayload::kMaxRedundant> sizes{};
  while (true) {
    if (in.left() == 0) return fail(RedError::truncated);
    const std::uint8_t first = in.u8();
    const std::uint8_t payload_type = first & 0x7fU;
    if ((first & 0x80U) == 0) {
      red.primary.payload_type = payload_type;
      break;
    }
    const std::uint32_t rest = in.u24();  // 14 bits of offset, 10 of length
    if (!in.ok()) return fail(RedError::truncated);
    if (red.count == RedPayload::kMaxRedundant) return fail(RedError::too_many_blocks);
    sizes[red.count] = rest & 0x3ffU;
    red.blocks[red.count++] = {
        .payload_type = payload_type, .timestamp_offset = static_cast<std::uint16_t>(rest >> 10), .data = {}};
  }
  for (std::size_t i = 0; i < red.count; ++i) {
    red.blocks[i].data = in.take(sizes[i]);
    if (!in.ok()) return fail(RedError::block_overrun);
  }
  red.primary.data = in.rest();
  return red;
}

}  // namespace cloister::wire
