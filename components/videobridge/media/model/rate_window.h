// Bytes of the last second, in buckets of 50 ms.
#pragma once

#include <array>
#include <cstdint>

#include "base/clock.h"

namespace cloister::videobridge::media {

class RateWindow {
public:
  void add(std::size_t bytes, TimePoint now);
  std::int64_t bits_per_second(TimePoint now) const;

private:
  static constexpr std::int64_t kBuckets = 20;
  static constexpr Duration kBucket = 50ms;
  static std::int64_t bucket_of(TimePoint now) { return now.time_since_epoch() / kBucket; }

  std::array<std::uint32_t, kBuckets> bytes_{};
  std::int64_t newest_ = 0;  // bucket number
};

}  // namespace cloister::videobridge::media
