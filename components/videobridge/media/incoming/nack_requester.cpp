#include "videobridge/media/incoming/nack_requester.h"

#include <algorithm>

namespace cloister::videobridge::media {

void NackRequester::on_packet(std::int64_t sequence, TimePoint now) {
  if (!any_) {
    newest_ = sequence;
    any_ = true;
    return;
  }
  if (sequence <= newest_) {
    std::erase_if(missing_, [&](const Missing& missing) { return missing.sequence == sequence; });
    return;
  }
  const std::int64_t gap = sequence - newest_ - 1;
  if (gap >= kMaxGap) {
    missing_.clear();
  } else {
    const std::size_t total = missing_.size() + static_cast<std::size_t>(gap);
    if (total > kMaxMissing)
      missing_.erase(missing_.begin(), missing_.begin() + static_cast<std::ptrdiff_t>(total - kMaxMissing));
    for (std::int64_t lost = newest_ + 1; lost < sequence; ++lost)
      missing_.push_back({.sequence = lost, .next = now});
  }
  newest_ = sequence;
}

std::optional<TimePoint> NackRequester::due() const {
  if (missing_.empty()) return std::nullopt;
  return std::ranges::min_element(missing_, {}, &Missing::next)->next;
}

std::size_t NackRequester::take_due(TimePoint now, std::span<std::uint16_t> out) {
  std::size_t count = 0;
  for (Missing& missing : missing_) {
    if (count == out.size()) break;
    if (missing.next > now) continue;
    out[count++] = static_cast<std::uint16_t>(missing.sequence);
    missing.next = now + kInterval;
    ++missing.tries;
  }
  std::erase_if(missing_, [](const Missing& missing) { return missing.tries >= kTries; });
  return count;
}

}  // namespace cloister::videobridge::media
