// Which layer of which source one receiver gets (protocol/bridge.md §7.3–7.5). Pure: values in, values out.
// Control path: a few times a second per receiver at most, so it may allocate.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "videobridge/bandwidth/priority.h"

namespace cloister::videobridge::bandwidth {

// bit/s; half the range, so that sums with it do not overflow.
inline constexpr std::int64_t kInfiniteBandwidth = std::numeric_limits<std::int64_t>::max() / 2;
// cc.max-oversend-bitrate
inline constexpr std::int64_t kMaxOversend = 500'000;
// The lowest layer of who is on stage is sent while it exceeds the bandwidth by no more than this factor.
inline constexpr std::int64_t kStageExcess = 2;
inline constexpr int kNoLayer = -1;

struct SourceAllocation {
  const OfferedSource* source = nullptr;
  VideoConstraints effective{};
  int target = kNoLayer;   // layer index to forward
  int ideal = kNoLayer;    // what it would be with unlimited bandwidth
  bool suspended = false;  // wanted and sent, but there is no bandwidth for its lowest layer
};

struct Allocation {
  std::vector<SourceAllocation> sources;  // by priority, all but the receiver's own
  std::int64_t target_bitrate = 0;
  std::int64_t ideal_bitrate = 0;
  bool oversending = false;
};

struct AllocationInput {
  std::span<const OfferedSource> by_speech_order;
  std::uint32_t receiver = 0;  // as OfferedSource::owner
  const ReceiverSettings& settings;
  int last_n = kUnlimited;  // effective
  std::int64_t bandwidth = kInfiniteBandwidth;
};
Allocation allocate(const AllocationInput& input);

}  // namespace cloister::videobridge::bandwidth
