#include <fmt/core.h>

#include <algorithm>

#include "cli/doctor/checks.h"
#include "cli/doctor/sockets.h"
#include "cli/machine/totals.h"
#include "videobridge/app/media_addresses.h"

namespace cloister::cli::doctor {
namespace {

using Sockets = std::vector<SocketAddress>;

struct Expected {
  const char* service;  // as systemd names it
  Transport transport;
  std::uint16_t port;
};

std::string name(const Expected& one) {
  return fmt::format("{}/{}", one.port, one.transport == Transport::tcp ? "tcp" : "udp");
}

Sockets on_port(const Sockets& all, std::uint16_t port) {
  Sockets out;
  std::ranges::copy_if(all, std::back_inserter(out),
                       [port](const SocketAddress& one) { return one.port() == port; });
  return out;
}

std::vector<Expected> open_ports(const Patient& patient) {
  std::vector<Expected> out{
      {"nginx", Transport::tcp, patient.installation.open.port}
  };
  if (patient.media)
    for (std::size_t i = 0; i < videobridge::app::shard_count(*patient.media); ++i)
      out.push_back({"cloister-bridge", Transport::udp, static_cast<std::uint16_t>(patient.media->port + i)});
  if (patient.installation.relay.enabled)
    for (const Transport transport : {Transport::udp, Transport::tcp})
      out.push_back({"coturn", transport, patient.installation.relay.port});
  return out;
}

// What only this machine may reach.
std::vector<Expected> inner_ports(const Patient& patient) {
  const machine::FileSettings& files = patient.installation.files;
  std::vector<Expected> out;
  if (patient.bridge_http != 0) out.push_back({"cloister-bridge", Transport::tcp, patient.bridge_http});
  const std::pair<const char*, std::pair<const std::string*, std::uint16_t>> others[] = {
      {"cloister-focus", {&files.focus, 8888}},
      {"cloister-gate",  {&files.gate, 8890} },
  };
  for (const auto& [service, where] : others)
    if (const auto http = machine::http_of(*where.first, where.second))
      out.push_back({service, Transport::tcp, http->port});
  return out;
}

Finding not_there(const Expected& one) {
  return error(
      fmt::format("Nobody listens on {}, where {} should.", name(one), one.service),
      fmt::format("systemctl status {0}; systemctl restart {0}; journalctl -u {0} says why it ended.",
                  one.service));
}

}  // namespace

Findings check_ports(const Patient& patient) {
  const Sockets tcp = listeners(Transport::tcp);
  const Sockets udp = listeners(Transport::udp);
  const auto sockets = [&](const Expected& one) {
    return on_port(one.transport == Transport::tcp ? tcp : udp, one.port);
  };
  Findings out;
  std::string listening;
  for (const Expected& one : open_ports(patient)) {
    if (sockets(one).empty()) {
      out.push_back(not_there(one));
    } else {
      listening += (listening.empty() ? "" : ", ") + name(one);
    }
  }
  for (const Expected& one : inner_ports(patient)) {
    const Sockets found = sockets(one);
    if (found.empty()) {
      out.push_back(not_there(one));
    } else if (!std::ranges::all_of(found, &SocketAddress::is_loopback)) {
      out.push_back(error(fmt::format("{} of {} is open to the network.", name(one), one.service),
                          "Set http.address to 127.0.0.1 in its settings and restart it."));
    } else {
      listening += fmt::format("{}{} (this machine only)", listening.empty() ? "" : ", ", name(one));
    }
  }
  if (!patient.media)
    out.push_back(
        warning("The bridge's ports are unknown: " + patient.media.error(),
                "Run this as root; cloister-bridge --check-config says what is wrong with its settings."));
  if (out.empty()) return {ok("Listening: " + listening + ".")};
  return out;
}

}  // namespace cloister::cli::doctor
