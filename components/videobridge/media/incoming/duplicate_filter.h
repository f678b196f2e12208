// Recognises packets that came before, among the last kWindow sequence numbers of a stream.
#pragma once

#include <bitset>
#include <cstdint>

namespace cloister::videobridge::media {

enum class Arrival : std::uint8_t { fresh, duplicate, too_old };

class DuplicateFilter {
public:
  static constexpr std::int64_t kWindow = 1500;  // protocol/bridge.md §5.1

  // `sequence` is unwrapped.
  Arrival on_packet(std::int64_t sequence) {
    if (!any_ || sequence > newest_ + kRing) {
      seen_.reset();
      newest_ = first_ = sequence;
      any_ = true;
    }
    if (sequence <= newest_ - kWindow) return Arrival::too_old;
    while (newest_ < sequence) seen_.reset(index(++newest_));
    if (seen_.test(index(sequence))) return Arrival::duplicate;
    seen_.set(index(sequence));
    return Arrival::fresh;
  }

  // It should have come since the first one, is not too old, and has not come.
  bool lacks(std::int64_t sequence) const {
    return any_ && sequence > first_ && sequence < newest_ && sequence > newest_ - kWindow &&
           !seen_.test(index(sequence));
  }

private:
  static constexpr std::int64_t kRing = 2048;
  static std::size_t index(std::int64_t sequence) { return static_cast<std::size_t>(sequence % kRing); }

  std::bitset<kRing> seen_;
  std::int64_t newest_ = 0;
  std::int64_t first_ = 0;
  bool any_ = false;
};

}  // namespace cloister::videobridge::media
