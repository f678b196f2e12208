// The two counters that VP8's and VP9's payload descriptors share (RFC 7741 §4.2, RFC 9628 §4.2): where they
// stand in a payload, and how others are put in their place.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace cloister::wire {

inline constexpr std::uint16_t kPictureIds = 0x8000;  // 15 bits

struct PictureNumbers {
  std::uint16_t picture_id = 0;  // 15 bits
  std::uint8_t tl0_picture_index = 0;
  std::uint8_t picture_id_at = 0;         // offset in the payload; 0: there is none
  std::uint8_t tl0_picture_index_at = 0;  // the same
};

// Writes the numbers into a copy of the payload that the offsets were found in.
inline void patch_picture(MutableBytes payload, const PictureNumbers& numbers) {
  if (numbers.picture_id_at != 0)
    set_u16(payload, numbers.picture_id_at, static_cast<std::uint16_t>(0x8000U | numbers.picture_id));
  if (numbers.tl0_picture_index_at != 0)
    set_u8(payload, numbers.tl0_picture_index_at, numbers.tl0_picture_index);
}

}  // namespace cloister::wire
