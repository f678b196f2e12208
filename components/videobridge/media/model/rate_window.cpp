#include "videobridge/media/model/rate_window.h"

#include <algorithm>

namespace cloister::videobridge::media {

void RateWindow::add(std::size_t bytes, TimePoint now) {
  const std::int64_t bucket = bucket_of(now);
  if (bucket > newest_) {
    const std::int64_t stale = std::min(bucket - newest_, kBuckets);
    for (std::int64_t i = 0; i < stale; ++i) bytes_[static_cast<std::size_t>((bucket - i) % kBuckets)] = 0;
    newest_ = bucket;
  }
  bytes_[static_cast<std::size_t>(newest_ % kBuckets)] += static_cast<std::uint32_t>(bytes);
}

std::int64_t RateWindow::bits_per_second(TimePoint now) const {
  const std::int64_t oldest = std::max(bucket_of(now) - kBuckets + 1, newest_ - kBuckets + 1);
  std::int64_t sum = 0;
  for (std::int64_t bucket = std::max<std::int64_t>(oldest, 0); bucket <= newest_; ++bucket)
    sum += bytes_[static_cast<std::size_t>(bucket % kBuckets)];
  return sum * 8;
}

}  // namespace cloister::videobridge::media
