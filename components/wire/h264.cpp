#include "wire/h264.h"

namespace cloister::wire {

namespace {

// ITU-T H.264 table 7-1, RFC 6184 table 1.
constexpr std::uint8_t kIdrSlice = 5;
constexpr std::uint8_t kSequenceParameters = 7;
constexpr std::uint8_t kLastSingle = 23;
constexpr std::uint8_t kAggregate = 24;  // STAP-A
constexpr std::uint8_t kFragment = 28;   // FU-A
constexpr std::uint8_t kLastOfAll = 29;

bool begins_key_frame(std::uint8_t type) { return type == kIdrSlice || type == kSequenceParameters; }

H264Start start_of_aggregate(ByteReader in) {
  H264Start out = H264Start::other;
  while (in.left() > 0) {
    const Bytes unit = in.take(in.u16());
    if (!in.ok() || unit.empty()) return H264Start::unreadable;
    if (begins_key_frame(get_u8(unit, 0) & 0x1fU)) out = H264Start::key_frame;
  }
  return out;
}

H264Start start_of_fragment(ByteReader in) {
  const std::uint8_t header = in.u8();
  if (!in.ok()) return H264Start::unreadable;
  const bool first = (header & 0x80U) != 0;
  return first && begins_key_frame(header & 0x1fU) ? H264Start::key_frame : H264Start::other;
}

}  // namespace

H264Start h264_start(Bytes payload) {
  ByteReader in(payload);
  const std::uint8_t first = in.u8();
  const std::uint8_t type = first & 0x1fU;
  const bool forbidden_bit = (first & 0x80U) != 0;
  if (!in.ok() || forbidden_bit || type == 0 || type > kLastOfAll) return H264Start::unreadable;
  if (type == kAggregate) return start_of_aggregate(in);
  if (type == kFragment) return start_of_fragment(in);
  return type <= kLastSingle && begins_key_frame(type) ? H264Start::key_frame : H264Start::other;
}

}  // namespace cloister::wire
