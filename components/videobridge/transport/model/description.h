// What two transports tell each other through signalling. Values only; whoever signals turns them into XML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/socket_address.h"

namespace cloister::videobridge::transport {

enum class CandidateType : std::uint8_t { host, server_reflexive, peer_reflexive, relayed };

// RFC 8445 §5.1.2.2: recommended type preferences.
constexpr std::uint32_t type_preference(CandidateType type) {
  switch (type) {
    case CandidateType::host: return 126;
    case CandidateType::peer_reflexive: return 110;
    case CandidateType::server_reflexive: return 100;
    case CandidateType::relayed: return 0;
  }
  return 0;
}
constexpr std::uint32_t candidate_priority(CandidateType type, std::uint16_t local_preference) {
  return type_preference(type) << 24 | std::uint32_t{local_preference} << 8 | 255U;  // component 1
}

struct Candidate {
  CandidateType type = CandidateType::host;
  SocketAddress address;    // what the peer sends to
  SocketAddress base;       // what we send from (rel-addr of a reflexive one); the same for a host candidate
  std::uint8_t socket = 0;  // ours only: Path::socket of the base
  std::uint32_t priority = 0;
  std::string foundation = "1";
  bool on_request = false;  // ours only: not for every peer
};

enum class Setup : std::uint8_t { actpass, active, passive };  // RFC 8122; active = DTLS client

struct Fingerprint {
  std::string hash;   // "sha-256", any case
  std::string value;  // hex with colons, any case
};

// What we are; complete from the start (no trickle).
struct LocalDescription {
  std::string ufrag;
  std::string pwd;
  std::vector<Candidate> candidates;
  Fingerprint fingerprint;
  Setup setup = Setup::actpass;
  std::optional<std::uint16_t> sctp_port;
  std::optional<std::uint32_t> ice_generation;  // set by an ICE restart only
};

// What the peer is, as far as known: empty fields mean "nothing new".
struct RemoteDescription {
  std::string ufrag{};
  std::string pwd{};
  std::vector<Candidate> candidates{};
  std::vector<Fingerprint> fingerprints{};
  std::optional<Setup> setup{};
  std::optional<std::uint32_t> ice_generation{};  // of our restart that this answers
};

}  // namespace cloister::videobridge::transport
