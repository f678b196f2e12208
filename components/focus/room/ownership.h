// Who becomes owner of a room that nobody hosts: the first participant, and after the owner has left the one
// who is there longest (protocol/focus.md §3.6). An owner who reloads the page under the same account is
// given a moment to come back.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/ids.h"

namespace cloister::focus::room {

class Ownership {
public:
  explicit Ownership(Duration grace) : grace_(grace) {}

  // After each change: whether an ordinary member is owner. True: elect somebody now.
  bool on_members(bool has_owner, TimePoint now);
  // Somebody was elected and is asked for at the server; until it is settled nobody else is.
  void on_elected(EndpointId member) { elected_ = std::move(member); }
  // The elected one is owner, or left, or the server refused.
  void on_settled(const EndpointId& member);
  void on_refused(const EndpointId& member, TimePoint now);

  std::optional<TimePoint> next_wakeup() const { return elect_at_; }

private:
  Duration grace_;
  bool had_owner_ = false;
  std::optional<EndpointId> elected_;
  std::optional<TimePoint> elect_at_;
};

}  // namespace cloister::focus::room
