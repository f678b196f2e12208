// One participant's call: where it stands, and what belongs to it. Calls moves it.
#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "focus/room/call_state.h"
#include "focus/room/features.h"
#include "focus/room/rate_limit.h"
#include "focus/room/source_changes.h"
#include "focus/room/source_view.h"

namespace cloister::focus::room {

using RequestId = std::uint64_t;  // of a question to client or bridge; unique within a room

// What Calls must know of a member.
struct Caller {
  EndpointId id{};
  Personal<std::string> stats_id{};
  std::string region{};
};

struct Call {
  // Restarts that the client asks for (checklist 135), of the session or of ICE alone, and invitations of any
  // cause (checklist 153).
  static constexpr RateLimit::Rate kRestarts{.gap = 5s, .most = 5, .window = 60s};
  static constexpr RateLimit::Rate kInvitations{.gap = Duration{}, .most = 10, .window = 60s};

  Caller caller;
  CallState state = CallState::idle;
  std::optional<Features> features{};    // unknown until discovered
  std::optional<RequestId> discovery{};  // the question that is open
  std::optional<RequestId> allocation{};
  std::optional<RequestId> ice_restart{};  // the latest that the bridge has not answered
  std::uint32_t ice_generation = 0;        // of the last restart that the client was told of
  std::string session{};                   // BridgeSession::id(); empty while it is on no bridge
  std::string sid{};                       // of the offer; empty while there is none
  std::string ended_sid{};                 // the one before
  View view{};                             // how it sees the others' sources
  bool json_sources = false;
  SourceChanges changes{};  // to be told when it accepts
  bool invited_before = false;
  bool given_up = false;  // ended by the client or by an error that asking again does not heal
  RateLimit restarts{kRestarts};
  RateLimit ice_restarts{kRestarts};
  RateLimit invitations{kInvitations};
  std::optional<TimePoint> retry_at{};  // too many invitations: the next one then

  bool move(CallEvent event) {
    const std::optional<CallState> to = next(state, event);
    if (to) state = *to;
    return to.has_value();
  }
  bool has_session() const { return state == CallState::offered || state == CallState::active; }
};

}  // namespace cloister::focus::room
