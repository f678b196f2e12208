// What one participant hears of another: which packets came in time to be played, and which had to be
// concealed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>

#include "base/clock.h"
#include "base/ids.h"

namespace cloister::sim {

class AudioView {
public:
  static constexpr Duration kPacketTime = 20ms;
  static constexpr Duration kPlayoutDelay = 80ms;  // beyond the fastest packet; browsers adapt around it

  // SSRC 0: nobody.
  void listen_to(Ssrc ssrc) { ssrc_ = ssrc; }
  Ssrc ssrc() const { return ssrc_; }
  void on_packet(std::uint16_t sequence, TimePoint now) {
    const std::int64_t number = unwrapper_.unwrap(sequence);
    arrived_.emplace(number, now - TimePoint() - number * kPacketTime);
  }

  std::size_t packets() const { return arrived_.size(); }
  std::uint32_t highest_sequence() const {
    return arrived_.empty() ? 0 : static_cast<std::uint32_t>(arrived_.rbegin()->first & 0xffffffff);
  }
  // Share of the playing time that had to be made up, 0…1.
  double concealment() const {
    if (arrived_.empty()) return 1;
    Duration fastest = Duration::max();
    for (const auto& [number, offset] : arrived_) fastest = std::min(fastest, offset);
    const auto in_time = std::ranges::count_if(
        arrived_, [&](const auto& one) { return one.second <= fastest + kPlayoutDelay; });
    const std::int64_t expected = arrived_.rbegin()->first - arrived_.begin()->first + 1;
    return 1 - static_cast<double>(in_time) / static_cast<double>(expected);
  }
  void forget() { arrived_.clear(); }
  // On another connection numbers say nothing of earlier ones.
  void begin_anew() {
    unwrapper_ = {};
    forget();
  }

private:
  Ssrc ssrc_{};
  SequenceUnwrapper unwrapper_;
  std::map<std::int64_t, Duration> arrived_;  // relative to its turn
};

}  // namespace cloister::sim
