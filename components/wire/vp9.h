// VP9's payload descriptor (RFC 9628 §4.2). It stays readable under end-to-end encryption.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace cloister::wire {

enum class Vp9Error : std::uint8_t { truncated };

// The scalability structure (§4.2.1). What it says of groups of pictures is read over: each packet names its
// own layers.
struct Vp9Structure {
  struct Size {
    std::uint16_t width = 0;
    std::uint16_t height = 0;
  };
  std::uint8_t spatial_layers = 1;  // 1…8
  bool has_sizes = false;
  std::array<Size, 8> sizes{};  // low → high
};

struct Vp9Descriptor {
  std::uint8_t size = 0;          // bytes before the VP9 payload proper
  bool inter_picture = false;     // P: predicted from earlier pictures
  bool flexible = false;          // F: `differences` say from which
  bool frame_start = false;       // B: the layer frame's first packet
  bool frame_end = false;         // E: and its last
  bool not_for_upper = false;     // Z: no higher spatial layer of this picture refers to it
  bool inter_layer = false;       // D: predicted from the next lower spatial layer of this picture
  bool switching_up = false;      // U: later pictures of higher temporal layers need none of theirs before it
  bool short_picture_id = false;  // 7 bits only: shows as absent
  std::uint8_t temporal = 0;      // 0…7
  std::uint8_t spatial = 0;       // 0…7
  std::optional<std::uint16_t> picture_id;        // 15 bits
  std::optional<std::uint8_t> tl0_picture_index;  // non-flexible mode with layers only
  std::uint8_t picture_id_at = 0;                 // offset in the payload; 0: there is none
  std::uint8_t tl0_picture_index_at = 0;          // the same
  std::uint8_t difference_count = 0;              // flexible mode
  std::array<std::uint8_t, 3> differences{};      // picture ids back, 1…127
  bool key_frame = false;                         // the first packet of a key picture
  std::optional<Vp9Structure> structure;

  std::span<const std::uint8_t> references() const { return std::span(differences).first(difference_count); }
};

Result<Vp9Descriptor, Vp9Error> parse_vp9(Bytes payload);

}  // namespace cloister::wire
