// State by SSRC, bounded. Looking up costs a multiplication and a probe or two; only a new SSRC may allocate.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/ids.h"

namespace cloister::videobridge::transport {

template <class State>
class SsrcTable {
public:
  explicit SsrcTable(std::size_t limit) : limit_(limit) {}

  State* find(Ssrc ssrc) {
    if (slots_.empty()) return nullptr;
    for (std::size_t at = home(ssrc);; at = (at + 1) & mask()) {
      if (slots_[at] == kEmpty) return nullptr;
      if (Entry& entry = entries_[slots_[at]]; entry.ssrc == ssrc) {
        entry.last_use = ++uses_;
        return &entry.state;
      }
    }
  }

  bool full() const { return entries_.size() == limit_; }
  std::size_t size() const { return entries_.size(); }

  // For an SSRC that find() did not have. A full table gives up the entry that was used longest ago.
  State& add(Ssrc ssrc, State state) {
    if (full()) {
      Entry& oldest = *std::ranges::min_element(entries_, {}, &Entry::last_use);
      oldest = {ssrc, ++uses_, std::move(state)};
      rebuild(slots_.size());
      return oldest.state;
    }
    entries_.push_back({ssrc, ++uses_, std::move(state)});
    if (entries_.size() * 2 > slots_.size())
      rebuild(std::max<std::size_t>(16, slots_.size() * 2));
    else
      place(entries_.size() - 1);
    return entries_.back().state;
  }

private:
  struct Entry {
    Ssrc ssrc;
    std::uint64_t last_use;
    State state;
  };
  static constexpr std::uint32_t kEmpty = 0xffffffff;

  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t home(Ssrc ssrc) const {
    return (std::uint64_t{raw(ssrc)} * 0x9e3779b97f4a7c15U >> 32) & mask();
  }
  void place(std::size_t entry) {
    std::size_t at = home(entries_[entry].ssrc);
    while (slots_[at] != kEmpty) at = (at + 1) & mask();
    slots_[at] = static_cast<std::uint32_t>(entry);
  }
  void rebuild(std::size_t slots) {
    slots_.assign(slots, kEmpty);
    for (std::size_t i = 0; i < entries_.size(); ++i) place(i);
  }

  std::size_t limit_;
  std::uint64_t uses_ = 0;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // a power of two, at most half full
};

}  // namespace cloister::videobridge::transport
