// Which packet indices of one stream have been seen (RFC 3711 §3.3.2). A ring of bits behind the highest
// index.
#pragma once

#include <array>
#include <cstdint>

namespace cloister::videobridge::transport {

template <std::size_t kBits>
class ReplayWindow {
  static_assert(kBits % 64 == 0);

public:
  bool empty() const { return empty_; }
  std::uint64_t highest() const { return highest_; }

  // Neither seen nor older than the window.
  bool is_fresh(std::uint64_t index) const {
    if (empty_ || index > highest_) return true;
    return highest_ - index < kBits && (word(index) & bit(index)) == 0;
  }

  // Only for what has proven authentic.
  void accept(std::uint64_t index) {
    if (empty_ || index >= highest_ + kBits) {
      seen_.fill(0);
      highest_ = index;
      empty_ = false;
    }
    while (highest_ < index) {
      ++highest_;
      word(highest_) &= ~bit(highest_);
    }
    word(index) |= bit(index);
  }

private:
  static std::uint64_t bit(std::uint64_t index) { return std::uint64_t{1} << (index % 64); }
  std::uint64_t& word(std::uint64_t index) { return seen_[index / 64 % seen_.size()]; }
  const std::uint64_t& word(std::uint64_t index) const { return seen_[index / 64 % seen_.size()]; }

  std::array<std::uint64_t, kBits / 64> seen_{};
  std::uint64_t highest_ = 0;
  bool empty_ = true;
};

}  // namespace cloister::videobridge::transport
