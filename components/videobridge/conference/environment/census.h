// What one conference adds to its shard's headcounts and histograms. Shard thread; owned by the conference.
#pragma once

#include <array>
#include <cstdint>

#include "videobridge/conference/environment/counters.h"

namespace cloister::videobridge::conference {

// One look at a conference.
struct CensusCount {
  std::array<std::int64_t, kHeadcounts> heads{};
  std::int64_t participants = 0;

  std::int64_t& operator[](Headcount head) { return heads[static_cast<std::size_t>(head)]; }
  std::int64_t operator[](Headcount head) const { return heads[static_cast<std::size_t>(head)]; }
};

class Census {
public:
  // `counters` outlive it.
  explicit Census(Counters& counters) : counters_(counters) {}
  ~Census() { show(nullptr); }
  Census(const Census&) = delete;
  Census& operator=(const Census&) = delete;

  // Takes the place of the look before.
  void show(const CensusCount& count) { show(&count); }

private:
  void show(const CensusCount* count);
  void add(const CensusCount& count, std::int64_t times);

  Counters& counters_;
  CensusCount shown_;
  bool has_shown_ = false;
};

}  // namespace cloister::videobridge::conference
