#include "videobridge/conference/colibri/transport_description.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace cloister::videobridge::conference {
namespace {

using transport::CandidateType;
using transport::Setup;

struct TypeName {
  std::string_view text;
  CandidateType type;
};
constexpr std::array kTypes{
    TypeName{"host",  CandidateType::host            },
    TypeName{"srflx", CandidateType::server_reflexive},
    TypeName{"prflx", CandidateType::peer_reflexive  },
    TypeName{"relay", CandidateType::relayed         },
};

std::string_view wire_name(CandidateType type) {
  return std::ranges::find(kTypes, type, &TypeName::type)->text;
}

bool is_udp(std::string_view protocol) {
  constexpr std::string_view kUdp = "udp";
  return std::ranges::equal(protocol, kUdp,
                            [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

std::optional<transport::Candidate> to_candidate(const xmpp::Candidate& signalled) {
  if (signalled.component != 1 || !is_udp(signalled.protocol) || signalled.port == 0) return std::nullopt;
  const auto type = std::ranges::find(kTypes, signalled.type, &TypeName::text);
  const auto address = SocketAddress::parse(signalled.ip.expose(), signalled.port);
  if (type == kTypes.end() || !address || address->is_unspecified()) return std::nullopt;
  return transport::Candidate{.type = type->type,
                              .address = *address,
                              .base = *address,
                              .priority = signalled.priority,
                              .foundation = signalled.foundation};
}

std::optional<Setup> to_setup(std::string_view text) {
  if (text == "active") return Setup::active;
  if (text == "passive") return Setup::passive;
  return std::nullopt;
}

xmpp::Candidate to_signalling(const transport::Candidate& candidate, std::size_t number) {
  xmpp::Candidate out;
  out.id = std::to_string(number);
  out.foundation = candidate.foundation;
  out.priority = candidate.priority;
  out.ip = Personal<std::string>(candidate.address.ip_text_for_wire());
  out.port = candidate.address.port();
  out.type = wire_name(candidate.type);
  if (candidate.type != CandidateType::host) {
    out.related_ip = Personal<std::string>(candidate.base.ip_text_for_wire());
    out.related_port = candidate.base.port();
  }
  return out;
}

std::string_view wire_name(Setup setup) {
  switch (setup) {
    case Setup::active: return "active";
    case Setup::passive: return "passive";
    case Setup::actpass: break;
  }
  return "actpass";
}

}  // namespace

transport::RemoteDescription to_remote(const xmpp::IceUdpTransport& signalled) {
  transport::RemoteDescription remote;
  remote.ufrag = signalled.ufrag;
  remote.pwd = signalled.pwd;
  remote.ice_generation = signalled.ice_generation;
  for (const xmpp::Candidate& candidate : signalled.candidates) {
    if (auto usable = to_candidate(candidate)) remote.candidates.push_back(std::move(*usable));
  }
  for (const xmpp::Fingerprint& fingerprint : signalled.fingerprints) {
    remote.fingerprints.push_back({.hash = fingerprint.hash, .value = fingerprint.value});
    if (!remote.setup) remote.setup = to_setup(fingerprint.setup);
  }
  return remote;
}

xmpp::IceUdpTransport to_signalling(const transport::LocalDescription& local, const std::string& web_socket) {
  xmpp::IceUdpTransport out;
  out.ufrag = local.ufrag;
  out.pwd = local.pwd;
  out.ice_generation = local.ice_generation;
  out.rtcp_mux = true;
  for (const transport::Candidate& candidate : local.candidates) {
    out.candidates.push_back(to_signalling(candidate, out.candidates.size() + 1));
  }
  out.fingerprints.push_back({.hash = local.fingerprint.hash,
                              .setup = std::string(wire_name(local.setup)),
                              .value = local.fingerprint.value});
  if (!web_socket.empty()) out.web_sockets.emplace_back(web_socket);
  return out;
}

}  // namespace cloister::videobridge::conference
