#include "wire/vp9.h"

namespace cloister::wire {

namespace {

void read_picture_id(ByteReader& in, Vp9Descriptor& out) {
  const auto at = static_cast<std::uint8_t>(in.position());
  const std::uint8_t first = in.u8();
  if ((first & 0x80U) == 0) {
    out.short_picture_id = true;
    return;
  }
  out.picture_id = static_cast<std::uint16_t>((first & 0x7fU) << 8 | in.u8());
  out.picture_id_at = at;
}

void read_layers(ByteReader& in, Vp9Descriptor& out) {
  const std::uint8_t layers = in.u8();
  out.temporal = layers >> 5;
  out.switching_up = (layers & 0x10U) != 0;
  out.spatial = layers >> 1 & 0x07U;
  out.inter_layer = (layers & 0x01U) != 0;
  if (out.flexible) return;
  out.tl0_picture_index_at = static_cast<std::uint8_t>(in.position());
  out.tl0_picture_index = in.u8();
}

void read_references(ByteReader& in, Vp9Descriptor& out) {
  bool more = true;
  while (more && out.difference_count < out.differences.size()) {
    const std::uint8_t value = in.u8();
    out.differences[out.difference_count++] = value >> 1;
    more = (value & 0x01U) != 0;
  }
}

void skip_group_of_pictures(ByteReader& in) {
  const std::uint8_t pictures = in.u8();
  for (std::uint8_t i = 0; i < pictures && in.ok(); ++i) in.skip(in.u8() >> 2 & 0x03U);
}

Vp9Structure read_structure(ByteReader& in) {
  Vp9Structure out;
  const std::uint8_t first = in.u8();
  out.spatial_layers = static_cast<std::uint8_t>((first >> 5) + 1);
  out.has_sizes = (first & 0x10U) != 0;
  if (out.has_sizes)
    for (std::size_t i = 0; i < out.spatial_layers; ++i) {
      out.sizes[i].width = in.u16();
      out.sizes[i].height = in.u16();
    }
  if ((first & 0x08U) != 0) skip_group_of_pictures(in);
  return out;
}

}  // namespace

Result<Vp9Descriptor, Vp9Error> parse_vp9(Bytes payload) {
  ByteReader in(payload);
  Vp9Descriptor out;
  const std::uint8_t first = in.u8();
  out.inter_picture = (first & 0x40U) != 0;
  out.flexible = (first & 0x10U) != 0;
  out.frame_start = (first & 0x08U) != 0;
  out.frame_end = (first & 0x04U) != 0;
  out.not_for_upper = (first & 0x01U) != 0;
  if ((first & 0x80U) != 0) read_picture_id(in, out);
  if ((first & 0x20U) != 0) read_layers(in, out);
  if (out.inter_picture && out.flexible) read_references(in, out);
  if ((first & 0x02U) != 0) out.structure = read_structure(in);
  // The largest structure that libraries write is far shorter than what the size can count.
  if (!in.ok() || in.left() == 0 || in.position() > 255) return fail(Vp9Error::truncated);
  out.size = static_cast<std::uint8_t>(in.position());
  out.key_frame = out.frame_start && !out.inter_picture && out.spatial == 0;
  return out;
}

}  // namespace cloister::wire
