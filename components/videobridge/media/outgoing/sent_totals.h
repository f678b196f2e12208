#pragma once

#include <cstdint>

namespace cloister::videobridge::media {

// What went to one receiver since the beginning.
struct SentTotals {
  std::uint64_t packets = 0;  // RTP, with retransmissions and probes
  std::uint64_t bytes = 0;    // RTP header and payload
  std::uint64_t retransmitted = 0;
  std::uint64_t probed = 0;             // sent to learn what the path carries
  std::uint64_t reported_received = 0;  // by transport feedback
  std::uint64_t reported_lost = 0;
  std::uint64_t unmatched_feedback = 0;
};

}  // namespace cloister::videobridge::media
