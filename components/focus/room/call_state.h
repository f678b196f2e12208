// One participant's call, as a table. What is not here is ignored.
//
//   idle ──invited──▶ discovering ──features_known──▶ allocating ──allocated──▶ offered ──accepted──▶ active
//    ▲                     │                              │                        │                   │
//    └─────────────────────┴────────────ended─────────────┴────────────────────────┴───────────────────┘
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace cloister::focus::room {

enum class CallState : std::uint8_t {
  idle,         // not invited; a member without media
  discovering,  // waiting for what the client can do
  allocating,   // waiting for the bridge
  offered,      // session-initiate is out
  active        // accepted
};
enum class CallEvent : std::uint8_t { invited, features_known, allocated, accepted, ended };

struct Move {
  CallState from;
  CallEvent on;
  CallState to;
};

inline constexpr std::array kMoves{
    Move{CallState::idle,        CallEvent::invited,        CallState::discovering},
    Move{CallState::discovering, CallEvent::features_known, CallState::allocating },
    Move{CallState::discovering, CallEvent::ended,          CallState::idle       },
    Move{CallState::allocating,  CallEvent::allocated,      CallState::offered    },
    Move{CallState::allocating,  CallEvent::ended,          CallState::idle       },
    Move{CallState::offered,     CallEvent::accepted,       CallState::active     },
    Move{CallState::offered,     CallEvent::ended,          CallState::idle       },
    Move{CallState::active,      CallEvent::ended,          CallState::idle       },
};

constexpr std::optional<CallState> next(CallState from, CallEvent on) {
  for (const Move& move : kMoves)
    if (move.from == from && move.on == on) return move.to;
  return std::nullopt;
}
static_assert(!next(CallState::idle, CallEvent::accepted), "a late answer does not revive a call");
static_assert(!next(CallState::active, CallEvent::accepted), "a call is accepted once");
static_assert(!next(CallState::active, CallEvent::invited), "an old call ends before a new one begins");
static_assert(!next(CallState::idle, CallEvent::allocated), "a late allocation makes no offer");

}  // namespace cloister::focus::room
