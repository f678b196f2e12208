// VP8's payload descriptor (RFC 7741 §4.2) and the little of the frame header that stays readable under
// end-to-end encryption: the key-frame bit and the dimensions (RFC 6386 §9.1).
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace cloister::wire {

enum class Vp8Error : std::uint8_t { truncated };

struct Vp8Descriptor {
  std::size_t size = 0;      // bytes before the VP8 payload proper
  bool frame_start = false;  // S bit with partition 0: the frame's first packet
  bool non_reference = false;
  std::optional<std::uint16_t>
      picture_id;  // 15 bits; a sender's 7-bit form shows as absent with `short_picture_id`
  bool short_picture_id = false;
  std::optional<std::uint8_t> tl0_picture_index;
  std::optional<std::uint8_t> temporal;   // 0…3
  bool layer_sync = false;                // depends on temporal layer 0 only
  std::uint8_t picture_id_at = 0;         // offset in the payload; 0: there is none
  std::uint8_t tl0_picture_index_at = 0;  // the same
  bool key_frame = false;                 // true on the first packet of a key frame only
};

Result<Vp8Descriptor, Vp8Error> parse_vp8(Bytes payload);

struct Vp8Dimensions {
  std::uint16_t width = 0;
  std::uint16_t height = 0;
};
// Of the first packet of a key frame; absent in any other, and when the start code is not there.
std::optional<Vp8Dimensions> vp8_dimensions(const Vp8Descriptor& descriptor, Bytes payload);

}  // namespace cloister::wire
