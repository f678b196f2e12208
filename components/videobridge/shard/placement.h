// Which shard a conference lives on, from its birth to its end. Main thread.
#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "base/ids.h"

namespace cloister::videobridge::shard {

class Placement {
public:
  explicit Placement(std::size_t shards) : conferences_(shards) {}

  // The conference's shard; a new conference goes where the fewest are.
  std::size_t place(const MeetingId& meeting);
  // For requests that create nothing: the shard of a conference unknown to us is any.
  std::size_t find(const MeetingId& meeting) const;
  void end(const MeetingId& meeting);

private:
  std::unordered_map<MeetingId, std::size_t> shard_of_;
  std::vector<std::size_t> conferences_;  // by shard
};

}  // namespace cloister::videobridge::shard
