// AV1's aggregation header (AV1 RTP specification §4.4), the one byte that packetisation puts in front; it
// stays readable under end-to-end encryption.
#pragma once

#include "base/bytes.h"

namespace cloister::wire {

// N: the first packet of a coded video sequence, which begins with a key frame.
inline bool starts_av1_sequence(Bytes payload) {
  return !payload.empty() && (get_u8(payload, 0) & 0x08U) != 0;
}

}  // namespace cloister::wire
