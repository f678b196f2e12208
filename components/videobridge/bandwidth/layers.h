// Which layers of a source are worth considering for a receiver (protocol/bridge.md §7.4).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "videobridge/bandwidth/receiver_settings.h"
#include "videobridge/media/model/source.h"

namespace cloister::videobridge::bandwidth {

using media::VideoType;

// One layer of one source as the projections know it (§6.1).
struct Layer {
  int index = 0;             // eid<<6 | sid<<3 | tid, or eid<<6 | decode target
  int height = 0;            // pixels of the shorter side
  double frame_rate = -1;    // per second; negative: unknown
  std::int64_t bitrate = 0;  // bit/s with all it depends on; 0: not sent now
};

struct LayerChoice {
  std::vector<Layer> layers;  // low → high; the last is the ideal one
  int preferred = -1;         // index into layers up to which an on-stage source climbs at once; −1: none
  int oversend = -1;  // index into layers up to which a little more than the budget may be sent; −1: never
};

// Empty for constraints of none and for disabled types.
LayerChoice consider_layers(std::span<const Layer> layers, VideoType type,
                            const VideoConstraints& constraints, bool on_stage);

}  // namespace cloister::videobridge::bandwidth
