// Our own candidates: from the addresses that the UDP port listens on and from what the administrator says
// about NAT. protocol/bridge.md §3.2.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "videobridge/transport/model/description.h"

namespace cloister::videobridge::transport {

// A local address that the world sees as another one.
struct StaticMapping {
  SocketAddress local;       // port ignored
  SocketAddress advertised;  // port 0: as the local one
};

struct CandidateSettings {
  bool include_loopback = false;
  // False: host candidates in private ranges are made `on_request`, and rel-addr of the others is hidden.
  bool advertise_private = true;
  std::vector<StaticMapping> mappings{};
};

// `listening` is UdpPort::local_addresses(); its index becomes Candidate::socket. Best candidate first.
std::vector<Candidate> make_candidates(std::span<const SocketAddress> listening,
                                       const CandidateSettings& settings);

enum class PrivateAddresses : bool { hidden, told };
// What one peer is told: those on request only when it asks.
std::vector<Candidate> candidates_for(std::span<const Candidate> ours, PrivateAddresses asks);

}  // namespace cloister::videobridge::transport
