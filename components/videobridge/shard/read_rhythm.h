// How often a busy shard reads its port. Being woken costs as much as several datagrams, so a shard to which
// many come rests between two reads until some more will be there: then one wake-up brings what would have
// taken several (docs/decisions/0026). Where little comes, each datagram is read at once. A value; knows no
// clock.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/clock.h"

namespace cloister::videobridge::shard {

class ReadRhythm {
public:
  // Busy is who got so many datagrams in a window, until a window with fewer.
  static constexpr Duration kWindow = 50ms;
  static constexpr std::int64_t kBusy = 200;
  // What a read should bring, and what a datagram may wait for that: longer where only voices come, whose
  // packets leave a receiver's train alone unless they meet others here. Video's are larger.
  static constexpr std::int64_t kGoal = 32;
  static constexpr Duration kLongest = 1500us;
  static constexpr Duration kLongestOfVoices = 4ms;
  static constexpr std::size_t kVoice = 400;  // bytes
  // Less is not worth lying down for.
  static constexpr Duration kShortest = 50us;

  // `largest` of the batch: bytes.
  void on_batch(std::size_t count, std::size_t largest, TimePoint arrived) {
    if (const Duration passed = arrived - window_; passed >= kWindow) {
      const bool busy = counted_ >= kBusy && passed < 2 * kWindow;
      const Duration longest = largest_ <= kVoice ? kLongestOfVoices : kLongest;
      interval_ = busy ? std::min(longest, Duration(passed.count() * kGoal / counted_)) : Duration::zero();
      window_ = arrived;
      counted_ = 0;
      largest_ = 0;
    }
    counted_ += static_cast<std::int64_t>(count);
    largest_ = std::max(largest_, largest);
    if (!first_) first_ = arrived;
  }
  bool busy() const { return interval_ > Duration::zero(); }

  // All that was there has been read and sent: until when to rest.
  std::optional<TimePoint> rest_until(TimePoint now) {
    const auto first = std::exchange(first_, std::nullopt);
    if (!first || *first + interval_ - now < kShortest) return std::nullopt;
    return *first + interval_;
  }

private:
  TimePoint window_{};  // since when datagrams are counted
  std::int64_t counted_ = 0;
  std::size_t largest_ = 0;         // bytes
  Duration interval_{};             // from one read to the next
  std::optional<TimePoint> first_;  // read since the last rest
};

}  // namespace cloister::videobridge::shard
