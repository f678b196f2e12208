// Numbers a stream anew after some of its members were taken out, so that what remains shows no gap for them,
// while the gaps of what was lost stay. Used for sequence numbers and VP8 picture ids.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace cloister::videobridge::media {

// Numbers are unwrapped (SequenceUnwrapper). Remembers the last kIntervals runs between removals for packets
// that arrive late; takes memory only when something is removed, and as much as that needs.
template <std::size_t kIntervals = 64>
class SequenceCompactor {
public:
  // Takes [first, last] out. Only what is newer than everything seen can be taken out: behind that the
  // numbers have been given. What is older is left a gap.
  void remove(std::int64_t first, std::int64_t last) {
    if (any_ && first <= newest_) first = newest_ + 1;
    see(last);
    if (first > last) return;
    removed_ += last - first + 1;
    if (count_ > 1 && from(count_ - 1) == first)  // the run before was empty
      at(count_ - 1) = run_from(last + 1);
    else
      push(run_from(last + 1));
  }
  void remove(std::int64_t number) { remove(number, number); }

  // The new number, or none for one that is older than the memory.
  std::optional<std::int64_t> map(std::int64_t number) {
    see(number);
    for (std::size_t i = count_; i-- > 0;)
      if ((i == 0 && !forgotten_) || number >= from(i)) return number - removed(i);
    if (count_ > 0) return std::nullopt;
    return number;
  }

  std::optional<std::int64_t> newest() const { return any_ ? std::optional(newest_) : std::nullopt; }

  // As it was at first, but for the memory.
  void clear() {
    first_ = count_ = 0;
    newest_ = removed_ = 0;
    any_ = forgotten_ = false;
  }

private:
  static_assert(std::has_single_bit(kIntervals));
  static constexpr std::size_t kFewest = std::min<std::size_t>(8, kIntervals);

  // The low bits of numbers that are close to the newest ones.
  struct Run {
    std::uint32_t from = 0;
    std::uint32_t removed = 0;  // before it, since the beginning
  };

  void see(std::int64_t number) {
    if (!any_ || number > newest_) newest_ = number;
    any_ = true;
  }
  Run run_from(std::int64_t number) const {
    return {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(removed_)};
  }
  Run& at(std::size_t index) { return runs_[(first_ + index) & (runs_.size() - 1)]; }
  std::int64_t from(std::size_t index) {
    return newest_ + static_cast<std::int32_t>(at(index).from - static_cast<std::uint32_t>(newest_));
  }
  std::int64_t removed(std::size_t index) {
    return removed_ - static_cast<std::uint32_t>(static_cast<std::uint32_t>(removed_) - at(index).removed);
  }
  void push(Run run) {
    if (count_ == runs_.size() && count_ < kIntervals) grow();
    if (count_ == 0) at(count_++) = {};  // the one before the first removal: reaches back to the beginning
    if (count_ == kIntervals) {
      first_ = (first_ + 1) % kIntervals;
      --count_;
      forgotten_ = true;
    }
    at(count_++) = run;
  }
  void grow() {
    std::rotate(runs_.begin(), runs_.begin() + static_cast<std::ptrdiff_t>(first_), runs_.end());
    first_ = 0;
    runs_.resize(std::clamp(2 * runs_.size(), kFewest, kIntervals));
  }

  std::vector<Run> runs_;  // a ring
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::int64_t newest_ = 0;
  std::int64_t removed_ = 0;  // since the beginning
  bool any_ = false;
  bool forgotten_ = false;  // what came before the oldest run
};

}  // namespace cloister::videobridge::media
