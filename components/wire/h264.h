// What H.264's packets show of their frames (RFC 6184 §5): whether a key frame begins here.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace cloister::wire {

enum class H264Start : std::uint8_t {
  unreadable,  // no packet of RFC 6184: encrypted by the sender, or cut off
  key_frame,   // a sequence parameter set, or the beginning of an IDR slice
  other,
};

H264Start h264_start(Bytes payload);

}  // namespace cloister::wire
