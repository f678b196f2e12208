#include "videobridge/shard/placement.h"

#include <algorithm>

namespace cloister::videobridge::shard {

std::size_t Placement::place(const MeetingId& meeting) {
  const auto least = static_cast<std::size_t>(std::ranges::min_element(conferences_) - conferences_.begin());
  const auto [at, is_new] = shard_of_.try_emplace(meeting, least);
  if (is_new) ++conferences_[least];
  return at->second;
}

std::size_t Placement::find(const MeetingId& meeting) const {
  const auto at = shard_of_.find(meeting);
  return at == shard_of_.end() ? 0 : at->second;
}

void Placement::end(const MeetingId& meeting) {
  const auto at = shard_of_.find(meeting);
  if (at == shard_of_.end()) return;
  --conferences_[at->second];
  shard_of_.erase(at);
}

}  // namespace cloister::videobridge::shard
