// What one receiver wants of everybody's video: its ReceiverVideoConstraints messages, accumulated
// (protocol/bridge.md §7.2).
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/ids.h"

namespace cloister::videobridge::bandwidth {

inline constexpr int kUnlimited = -1;
// cc.default-max-height-px: for a first message without defaultConstraints.
inline constexpr int kDefaultMaxHeight = 180;

// Limits of one source. −1: no limit, 0: nothing wanted. Heights are the shorter side in pixels.
struct VideoConstraints {
  int max_height = 0;
  double max_frame_rate = kUnlimited;

  bool is_none() const { return max_height == 0 || max_frame_rate == 0; }
  friend bool operator==(const VideoConstraints&, const VideoConstraints&) = default;
};
inline constexpr VideoConstraints kNothing{};

using ConstraintsByName = std::unordered_map<SourceName, VideoConstraints>;

// The message. An absent field leaves the setting as it is, a present one replaces it wholly.
struct ReceiverVideoConstraints {
  std::optional<int> last_n{};
  std::optional<std::vector<SourceName>> selected_sources{};
  std::optional<std::vector<SourceName>> on_stage_sources{};
  std::optional<VideoConstraints> default_constraints{};
  std::optional<ConstraintsByName> constraints{};
  std::optional<std::int64_t> assumed_bandwidth{};  // bit/s
};

struct ReceiverSettings {
  int last_n = kUnlimited;
  std::vector<SourceName> selected_sources;
  std::vector<SourceName> on_stage_sources;
  VideoConstraints default_constraints;  // nothing, until the first message
  ConstraintsByName constraints;
  std::int64_t assumed_bandwidth = kUnlimited;
  bool has_message = false;

  const VideoConstraints& of(const SourceName& source) const;
};

// Takes over what the message names.
void apply(ReceiverVideoConstraints message, ReceiverSettings& settings);

}  // namespace cloister::videobridge::bandwidth
