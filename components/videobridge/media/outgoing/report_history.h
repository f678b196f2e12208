// The sender reports that went to one receiver: its receiver reports refer to them, which gives the
// round-trip time (RFC 3550 §6.4.1, A.8; limits: protocol/bridge.md §5.7).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "wire/rtcp.h"

namespace cloister::videobridge::media {

class ReportHistory {
public:
  void on_sent(const wire::SenderReport& report, TimePoint now);
  // None when the block refers to nothing known, or makes no sense.
  std::optional<Duration> round_trip(const wire::ReportBlock& block, TimePoint now) const;

private:
  static constexpr std::size_t kReports = 200;
  // Receivers report every second or few: what is older makes room.
  static constexpr Duration kKept = 15s;
  static constexpr Duration kMaxRoundTrip = 7s;
  static constexpr Duration kMaxDelay = 5min;

  struct Sent {
    Ssrc ssrc{};
    std::uint32_t compact_ntp = 0;  // 0: none
    TimePoint at;
  };
  std::vector<Sent> sent_;  // ascending in time
};

}  // namespace cloister::videobridge::media
