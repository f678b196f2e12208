// Which packets of one stream to ask for again (protocol/bridge.md §5.5): at once when a gap shows, then
// every 150 ms, ten times at most.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"

namespace cloister::videobridge::media {

class NackRequester {
public:
  static constexpr Duration kInterval = 150ms;
  static constexpr int kTries = 10;
  static constexpr std::int64_t kMaxGap = 100;  // packets; a wider one is not worth filling
  static constexpr std::size_t kMaxMissing = 2 * static_cast<std::size_t>(kMaxGap);

  // `sequence` is unwrapped; retransmitted packets count.
  void on_packet(std::int64_t sequence, TimePoint now);
  // The stream starts anew.
  void reset() {
    missing_.clear();
    any_ = false;
  }
  // When something is to be asked for; in the past after a new gap.
  std::optional<TimePoint> due() const;
  // Fills `out` with what is due, ascending; the caller sends it. Returns how many.
  std::size_t take_due(TimePoint now, std::span<std::uint16_t> out);

private:
  struct Missing {
    std::int64_t sequence = 0;
    int tries = 0;
    TimePoint next;
  };

  std::vector<Missing> missing_;  // ascending; keeps its memory
  std::int64_t newest_ = 0;
  bool any_ = false;
};

}  // namespace cloister::videobridge::media
