// The newest entries of a numbered stream, by sequence number: a ring that is as large as what has to be
// remembered, for most streams are slow.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace cloister::videobridge::media {

// An empty ring takes no memory. A default Entry is false and stands for none; others have their sequence().
template <class Entry, std::size_t kFewest, std::size_t kMost>
class SequenceRing {
  static_assert(std::has_single_bit(kFewest) && std::has_single_bit(kMost) && kMost <= 0x8000);

public:
  std::size_t size() const { return entries_.size(); }
  // Of the entries that may have that number. There must be room.
  Entry& at(std::uint16_t sequence) { return entries_[sequence & (entries_.size() - 1)]; }

  // Room for `sequence`. As long as is_needed(entry) says so of the one that is in its place, the ring grows.
  template <class IsNeeded>
  Entry& make_room(std::uint16_t sequence, IsNeeded&& is_needed) {
    if (entries_.empty()) entries_.resize(kFewest);
    while (entries_.size() < kMost && is_needed(std::as_const(at(sequence)))) grow();
    return at(sequence);
  }
  void clear() { entries_ = std::vector<Entry>(); }

private:
  void grow() {
    std::vector<Entry> before = std::exchange(entries_, std::vector<Entry>(2 * entries_.size()));
    for (Entry& entry : before)
      if (entry) at(entry.sequence()) = std::move(entry);
  }

  std::vector<Entry> entries_;
};

}  // namespace cloister::videobridge::media
