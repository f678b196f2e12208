// Numbers a stream anew after some of its members were taken out, so that what remains shows no gap for them,
// while the gaps of what was lost stay. Used for sequence numbers and VP8 picture ids.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace cloister::videobridge::media {

// Numbers are unwrapped (SequenceUnwrapper). Remembers the last kIntervals runs between removals for packets
// that arrive late.
template <std::size_t kIntervals = 64>
class SequenceCompactor {
public:
  // Takes [first, last] out. Only what is newer than everything seen can be taken out: behind that the
  // numbers have been given. What is older is left a gap.
  void remove(std::int64_t first, std::int64_t last) {
    if (any_ && first <= newest_) first = newest_ + 1;
    see(last);
    if (first > last) return;
    const Interval& newest = at(count_ - 1);
    const std::int64_t removed = newest.removed + (last - first + 1);
    if (count_ > 1 && newest.from == first)  // the run before was empty
      at(count_ - 1) = {last + 1, removed};
    else
      push({last + 1, removed});
  }
  void remove(std::int64_t number) { remove(number, number); }

  // The new number, or none for one that is older than the memory.
  std::optional<std::int64_t> map(std::int64_t number) {
    see(number);
    for (std::size_t i = count_; i-- > 0;)
      if (number >= at(i).from) return number - at(i).removed;
    return std::nullopt;
  }

  std::optional<std::int64_t> newest() const { return any_ ? std::optional(newest_) : std::nullopt; }

private:
  struct Interval {
    std::int64_t from = 0;
    std::int64_t removed = 0;  // before it, since the beginning
  };

  void see(std::int64_t number) {
    if (!any_ || number > newest_) newest_ = number;
    any_ = true;
  }
  Interval& at(std::size_t index) { return intervals_[(first_ + index) % kIntervals]; }
  void push(Interval interval) {
    if (count_ == kIntervals) {
      first_ = (first_ + 1) % kIntervals;
      --count_;
    }
    at(count_++) = interval;
  }

  std::array<Interval, kIntervals> intervals_{};  // the first one reaches back to the beginning
  std::size_t first_ = 0;
  std::size_t count_ = 1;
  std::int64_t newest_ = 0;
  bool any_ = false;
};

}  // namespace cloister::videobridge::media
