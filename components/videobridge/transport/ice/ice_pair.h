// One candidate pair of an ICE agent and the check that may be under way on it (RFC 8445 §6.1.2).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "net/datagram.h"
#include "videobridge/transport/model/description.h"
#include "wire/stun.h"

namespace cloister::videobridge::transport {

struct IcePair {
  // What a check is for, which decides how often it is repeated.
  enum class Purpose : std::uint8_t {
    connect,  // does the pair work
    consent,  // may we go on sending on the selected pair (RFC 7675)
    probe     // does the selected pair still work, now that the peer shows itself on another one
  };
  // A Binding request that waits for its answer. Repeated with the same id.
  struct Check {
    wire::TransactionId id{};
    Purpose purpose = Purpose::connect;
    bool nominating = false;
    bool as_controlling = false;  // our role when it was sent
    int sends = 0;
    TimePoint first_sent{};
    TimePoint due{};  // of the next repetition, or of giving up
    Duration interval{};
  };

  net::Path path;
  CandidateType remote_type = CandidateType::peer_reflexive;
  std::uint64_t priority = 0;

  bool wanted = true;           // to be checked as soon as pacing allows
  bool triggered = false;       // before the others
  bool valid = false;           // an answer came
  bool nominated = false;       // checked with USE-CANDIDATE, either way
  bool nominate_next = false;   // the next check carries USE-CANDIDATE (controlling)
  bool peer_nominated = false;  // a request carried it (controlled)
  bool silent = false;          // a probe or a consent check ran out; until something is heard again
  TimePoint last_heard{};       // authenticated request or answer
  std::optional<Check> check;
};

// RFC 8445 §6.1.2.3, with the controlling side's candidate as G and the other's as D.
constexpr std::uint64_t pair_priority(std::uint32_t controlling, std::uint32_t controlled) {
  const std::uint64_t low = std::min(controlling, controlled);
  const std::uint64_t high = std::max(controlling, controlled);
  return (low << 32) + 2 * high + (controlling > controlled ? 1 : 0);
}

}  // namespace cloister::videobridge::transport
