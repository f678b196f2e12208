#include "videobridge/transport/ice/candidates.h"

#include <algorithm>
#include <iterator>

namespace cloister::videobridge::transport {
namespace {

constexpr std::uint16_t kFirstLocalPreference = 65535;

bool same_ip(const SocketAddress& a, const SocketAddress& b) { return a.with_port(0) == b.with_port(0); }

SocketAddress advertised_address(const StaticMapping& mapping, const SocketAddress& local) {
  return mapping.advertised.port() != 0 ? mapping.advertised : mapping.advertised.with_port(local.port());
}

// What stands for a base that is nobody's business: 0.0.0.0 and port 9, "discard".
SocketAddress hidden_base(IpFamily family) {
  return family == IpFamily::v4 ? SocketAddress::v4({}, 9) : SocketAddress::v6({}, 9);
}

}  // namespace

std::vector<Candidate> make_candidates(std::span<const SocketAddress> listening,
                                       const CandidateSettings& settings) {
  std::vector<Candidate> out;
  std::uint16_t preference = kFirstLocalPreference;
  const auto add = [&](CandidateType type, const SocketAddress& address, const SocketAddress& base,
                       std::size_t socket, bool on_request) {
    // One foundation per type and base (RFC 8445 §5.1.1.3).
    out.push_back({type, address, base, static_cast<std::uint8_t>(socket),
                   candidate_priority(type, preference--),
                   std::to_string(2 * socket + (type == CandidateType::host ? 1 : 2)), on_request});
  };
  for (std::size_t socket = 0; socket < listening.size(); ++socket) {
    const SocketAddress& local = listening[socket];
    if (local.is_loopback() && !settings.include_loopback) continue;
    const bool hidden = local.is_private() && !settings.advertise_private;
    add(CandidateType::host, local, local, socket, hidden);
    for (const StaticMapping& mapping : settings.mappings) {
      if (!same_ip(mapping.local, local)) continue;
      add(CandidateType::server_reflexive, advertised_address(mapping, local),
          hidden ? hidden_base(local.family()) : local, socket, false);
    }
  }
  std::ranges::stable_sort(out, std::greater(), &Candidate::priority);
  return out;
}

std::vector<Candidate> candidates_for(std::span<const Candidate> ours, PrivateAddresses asks) {
  std::vector<Candidate> out;
  std::ranges::copy_if(ours, std::back_inserter(out), [asks](const Candidate& one) {
    return !one.on_request || asks == PrivateAddresses::told;
  });
  return out;
}

}  // namespace cloister::videobridge::transport
