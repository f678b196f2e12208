// Where one outgoing RTP stream stands: the numbers its next packet continues from, whichever source or
// encoding it comes from.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.h"

namespace cloister::videobridge::media {

struct StreamPosition {
  bool started = false;
  bool frame_complete = true;  // the newest packet ended its frame
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint16_t picture_id = 0;        // VP8, VP9: 15 bits
  std::uint8_t tl0_picture_index = 0;  // VP8, VP9
  bool has_frames = false;             // dependency descriptors were sent
  std::uint8_t next_template = 0;      // behind the newest structure's, 6 bits
  std::uint16_t frame_number = 0;
  TimePoint frame_time;  // arrival of the newest frame's first packet

  // After an incomplete frame one number stays free: the gap shows the receiver that something is missing.
  std::uint16_t next_sequence() const {
    if (!started) return 0;
    return static_cast<std::uint16_t>(sequence + (frame_complete ? 1 : 2));
  }

  // What to add to the numbers of a source whose next one is `first`. A stream begins in the lower half
  // (RFC 3711 §3.3.1): a receiver whose first packets are lost, across a wrap, would count the wraps wrong
  // and take nothing of it for authentic, ever.
  std::uint16_t sequence_offset(std::uint16_t first) const {
    constexpr std::uint16_t kUpperHalf = 0x8000;
    return static_cast<std::uint16_t>(started ? next_sequence() - first : -(first & kUpperHalf));
  }

  // The timestamp of a frame from another stream that arrives now: as far ahead as time has passed, so that
  // the receiver's clock neither drifts nor jumps however often encodings change; a millisecond at least,
  // since two frames cannot share one.
  std::uint32_t next_timestamp(TimePoint now, std::uint32_t clock_rate) const {
    constexpr Duration kLeast = 1ms;
    constexpr Duration kMost = 1h;  // far below half the number space
    const auto passed =
        std::chrono::duration_cast<std::chrono::microseconds>(std::clamp(now - frame_time, kLeast, kMost))
            .count();
    return timestamp + static_cast<std::uint32_t>(passed * clock_rate / 1'000'000);
  }

  // Notes a packet that goes out; an older one than the newest changes nothing. Returns whether it is the
  // newest.
  bool advance(std::uint16_t sent_sequence, std::uint32_t sent_timestamp, bool ends_frame, TimePoint now) {
    if (started && static_cast<std::uint16_t>(sent_sequence - sequence - 1) >= 0x8000U) return false;
    if (!started || sent_timestamp != timestamp) frame_time = now;
    started = true;
    sequence = sent_sequence;
    timestamp = sent_timestamp;
    frame_complete = ends_frame;
    return true;
  }
};

}  // namespace cloister::videobridge::media
