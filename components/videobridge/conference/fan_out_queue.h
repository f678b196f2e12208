// What one receiver is to be sent of a batch: a list in the fan-out's memory.
#pragma once

#include <cstdint>

namespace cloister::videobridge::conference {

struct FanOutQueue {
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::uint32_t first = kNone;  // links of FanOut
  std::uint32_t last = kNone;
};

}  // namespace cloister::videobridge::conference
