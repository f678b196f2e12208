// What the receivers of each source want at most, so that its sender need not encode more
// (protocol/bridge.md §7.7).
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "videobridge/bandwidth/allocator.h"

namespace cloister::videobridge::conference {

// Votes are cast by receiver and source; a change of a source's maximum is what its sender has to be told.
class SenderConstraints {
public:
  // The wishes of `receiver` (any number that tells participants apart) about these sources. Appends those
  // whose maximum changed.
  void vote(std::uint32_t receiver, std::span<const bandwidth::SourceAllocation> wishes,
            std::vector<media::SourceId>& changed);
  // The same for one source and a height in lines: −1 unlimited, 0 nothing.
  void vote(std::uint32_t receiver, media::SourceId source, int max_height,
            std::vector<media::SourceId>& changed);
  // `receiver` leaves.
  void forget_receiver(std::uint32_t receiver, std::vector<media::SourceId>& changed);
  void forget_source(media::SourceId source);

  // The largest height wanted by anybody; −1: unlimited, 0: nobody wants it.
  int max_height(media::SourceId source) const;

private:
  struct Votes {
    std::unordered_map<std::uint32_t, int> heights;  // by receiver; wishes of none are left out
    int max_height = 0;
  };
  void set(media::SourceId source, std::uint32_t receiver, int height, std::vector<media::SourceId>& changed);

  std::vector<Votes> sources_;  // by raw(SourceId)
};

}  // namespace cloister::videobridge::conference
