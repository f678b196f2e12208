// What is forwarded in one run, and what came of it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "load/delay_histogram.h"

namespace cloister::bench {

// `rooms` senders, each with `receivers` who get everything. A frame's packets come in one burst.
struct Scene {
  std::size_t rooms = 6;
  std::size_t receivers = 10;  // per room
  bool feedback = false;       // transport-cc on all packets, a report per receiver every 100 ms
  bool uneven = false;         // frames of all sizes, split as browsers do it; only by the bridge
  bool equal_sizes = true;     // media.equal_sizes

  static constexpr int kFramesPerSecond = 30;
  static constexpr int kPacketsPerFrame = 5;
  static constexpr std::size_t kPacketBytes = 1200;  // RTP, header included, before SRTP
};

struct Outcome {
  std::uint64_t sent = 0;       // media packets by the senders
  std::uint64_t forwarded = 0;  // media packets that reached a receiver and decrypted there
  std::uint64_t cpu_ns = 0;     // of the forwarding thread
  std::uint64_t allocations = 0;
  // In the quietest 20 ms, which hold sixty packets and more: what the packets themselves need. Above that is
  // housekeeping, which goes by the clock.
  std::uint64_t least_allocations = 0;
  std::uint64_t context_switches = 0;
  load::DelayHistogram delay{};   // from sender to the receiver's socket
  load::DelayHistogram unread{};  // from there to the receiver

  double cpu_per_packet() const { return forwarded == 0 ? 0 : double(cpu_ns) / double(forwarded); }
};

}  // namespace cloister::bench
