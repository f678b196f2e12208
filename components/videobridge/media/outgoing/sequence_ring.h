// The newest entries of a numbered stream, by sequence number. As large as what has to be remembered, for
// most streams are slow: a ring of blocks, of which the oldest moves to the front when nothing in it is
// needed any more, so that a steady stream allocates nothing and growing leaves no holes in the heap.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace cloister::videobridge::media {

// At most kMost entries, kBlock of them at a time; none at the beginning. Entry: a default one stands for
// none.
template <class Entry, std::size_t kBlock, std::size_t kMost>
class SequenceRing {
  static_assert(std::has_single_bit(kBlock) && std::has_single_bit(kMost) && kBlock < kMost &&
                kMost <= 0x8000);

public:
  // The place of that number, if there is one; what stands there may have another.
  Entry* find(std::uint16_t sequence) {
    const auto& block = blocks_[index_of(sequence)];
    return block == nullptr ? nullptr : &(*block)[sequence % kBlock];
  }

  // A place for that number. is_needed(entry) says which must be kept as long as there is room for more.
  template <class IsNeeded>
  Entry& make_room(std::uint16_t sequence, IsNeeded&& is_needed) {
    const std::size_t index = index_of(sequence);
    if (blocks_[index] == nullptr) blocks_[index] = take_block(index, is_needed);
    return (*blocks_[index])[sequence % kBlock];
  }
  void clear() { blocks_ = {}; }

private:
  using Block = std::array<Entry, kBlock>;
  static constexpr std::size_t kBlocks = kMost / kBlock;

  static std::size_t index_of(std::uint16_t sequence) { return sequence / kBlock % kBlocks; }

  // The oldest one is the first behind `index`.
  template <class IsNeeded>
  std::unique_ptr<Block> take_block(std::size_t index, IsNeeded& is_needed) {
    for (std::size_t i = 1; i < kBlocks; ++i) {
      auto& oldest = blocks_[(index + i) % kBlocks];
      if (oldest == nullptr) continue;
      if (std::ranges::any_of(std::as_const(*oldest), is_needed)) break;
      for (Entry& entry : *oldest) entry = {};
      return std::exchange(oldest, nullptr);
    }
    return std::make_unique<Block>();
  }

  std::array<std::unique_ptr<Block>, kBlocks> blocks_;
};

}  // namespace cloister::videobridge::media
