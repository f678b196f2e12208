// SSRC rewriting's news for the receiver (protocol/bridge.md §9): one entry of AudioSourcesMap or
// VideoSourcesMap.
#pragma once

#include <string>

#include "base/ids.h"
#include "videobridge/media/model/source.h"

namespace cloister::videobridge::media {

struct SlotMapping {
  const Source* source = nullptr;
  Ssrc ssrc{};
  Ssrc rtx{};       // always a real one, and always the same for `ssrc`
  std::string mid;  // empty unless the endpoint asked for mid demultiplexing
};

}  // namespace cloister::videobridge::media
