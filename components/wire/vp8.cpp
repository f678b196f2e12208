#include "wire/vp8.h"

namespace cloister::wire {

namespace {

void read_picture_id(ByteReader& in, Vp8Descriptor& out) {
  const auto at = static_cast<std::uint8_t>(in.position());
  const std::uint8_t first = in.u8();
  if ((first & 0x80U) == 0) {
    out.short_picture_id = true;
    return;
  }
  out.picture_id = static_cast<std::uint16_t>((first & 0x7fU) << 8 | in.u8());
  out.picture_id_at = at;
}

void read_tl0_picture_index(ByteReader& in, Vp8Descriptor& out) {
  out.tl0_picture_index_at = static_cast<std::uint8_t>(in.position());
  out.tl0_picture_index = in.u8();
}

void read_temporal(ByteReader& in, bool temporal_present, Vp8Descriptor& out) {
  const std::uint8_t value = in.u8();
  if (!temporal_present) return;
  out.temporal = value >> 6;
  out.layer_sync = (value & 0x20U) != 0;
}

}  // namespace

Result<Vp8Descriptor, Vp8Error> parse_vp8(Bytes payload) {
  ByteReader in(payload);
  Vp8Descriptor out;
  const std::uint8_t first = in.u8();
  out.non_reference = (first & 0x20U) != 0;
  out.frame_start = (first & 0x10U) != 0 && (first & 0x07U) == 0;
  if ((first & 0x80U) != 0) {
    const std::uint8_t present = in.u8();
    if ((present & 0x80U) != 0) read_picture_id(in, out);
    if ((present & 0x40U) != 0) read_tl0_picture_index(in, out);
    if ((present & 0x30U) != 0) read_temporal(in, (present & 0x20U) != 0, out);
  }
  if (!in.ok() || in.left() == 0) return fail(Vp8Error::truncated);
  out.size = in.position();
  out.key_frame = out.frame_start && (get_u8(payload, out.size) & 0x01U) == 0;
  return out;
}

std::optional<Vp8Dimensions> vp8_dimensions(const Vp8Descriptor& descriptor, Bytes payload) {
  if (!descriptor.key_frame) return std::nullopt;
  ByteReader in(payload);
  in.skip(descriptor.size + 3);
  if (in.u24() != 0x9d012a) return std::nullopt;
  const Bytes sizes = in.take(4);
  if (!in.ok()) return std::nullopt;
  // Little endian, 14 bits of size under 2 bits of scaling.
  const auto size_at = [&](std::size_t at) {
    return static_cast<std::uint16_t>((get_u8(sizes, at + 1) & 0x3fU) << 8 | get_u8(sizes, at));
  };
  return Vp8Dimensions{.width = size_at(0), .height = size_at(2)};
}

}  // namespace cloister::wire
