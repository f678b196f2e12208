// The participants by how recently they were the dominant speaker, and the list that clients are told
// (protocol/bridge.md §10.2).
#pragma once

#include <span>
#include <vector>

#include "base/ids.h"

namespace cloister::videobridge::conference {

class Member;

class SpeechOrder {
public:
  // speech-activity.recent-speakers-count
  static constexpr std::size_t kRecentSpeakers = 10;

  // Newcomers stand at the end.
  void add(Member& member) { order_.push_back(&member); }
  // True when clients have to be told: it was the current or a recent speaker. If it was the current one, the
  // next in line takes its place.
  bool remove(const Member& member);
  void on_dominant(Member& member);

  // Everybody, the current speaker first.
  std::span<Member* const> all() const { return order_; }
  // The current speaker, if there is one, and up to ten before it, most recent first.
  std::span<Member* const> recent() const { return recent_; }

private:
  std::vector<Member*> order_;
  std::vector<Member*> recent_;
};

}  // namespace cloister::videobridge::conference
