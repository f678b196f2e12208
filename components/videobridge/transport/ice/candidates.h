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
  bool advertise_private =
      true;  // false: host candidates in private ranges are withheld, rel-addr of the others hidden
  std::vector<StaticMapping> mappings{};
};

// `listening` is UdpPort::local_addresses(); its index becomes Candidate::socket. Best candidate first.
std::vector<Candidate> make_candidates(std::span<const SocketAddress> listening,
                                       const CandidateSettings& settings);

}  // namespace cloister::videobridge::transport
