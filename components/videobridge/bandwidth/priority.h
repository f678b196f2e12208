// In which order a receiver's sources compete, and what lastN leaves of their constraints (protocol/bridge.md
// §7.3).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "videobridge/bandwidth/layers.h"
#include "videobridge/bandwidth/receiver_settings.h"

namespace cloister::videobridge::bandwidth {

// A video source of the conference as the allocation sees it. `owner` is any number that tells participants
// apart.
struct OfferedSource {
  media::SourceId id{};
  const SourceName* name = nullptr;
  std::uint32_t owner = 0;
  VideoType type = VideoType::camera;
  std::span<const Layer> layers{};  // low → high
};

// Limits of the bridge on top of the client's lastN; −1: none.
struct LastNLimits {
  int bridge = kUnlimited;      // cc.jvb-last-n, load reducer
  int conference = kUnlimited;  // load-management.conference-last-n-limits
  int ssrcs = 50;               // ssrc-limit.video
};
int effective_last_n(int client, const LastNLimits& limits);

struct RankedSource {
  const OfferedSource* source = nullptr;
  VideoConstraints effective;  // kNothing when disabled or beyond lastN
  bool on_stage = false;
};

// All sources but the receiver's own, by priority: on stage, selected, by speech order (the order they come
// in), disabled ones last.
std::vector<RankedSource> rank(std::span<const OfferedSource> by_speech_order, std::uint32_t receiver,
                               const ReceiverSettings& settings, int last_n);

}  // namespace cloister::videobridge::bandwidth
