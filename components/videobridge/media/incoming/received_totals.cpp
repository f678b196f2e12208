#include <algorithm>

#include "videobridge/media/incoming/receive_path.h"

namespace cloister::videobridge::media {

ReceivedTotals ReceivePath::totals() const {
  ReceivedTotals out;
  for (const auto& stream : sources_.streams()) {
    const std::int64_t expected = stream->statistics.expected();
    const std::int64_t lost = std::max<std::int64_t>(expected - stream->statistics.received(), 0);
    out.expected += static_cast<std::uint64_t>(expected);
    out.lost += static_cast<std::uint64_t>(lost);
  }
  return out;
}

}  // namespace cloister::videobridge::media
