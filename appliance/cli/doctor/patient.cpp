#include "cli/doctor/patient.h"

#include <algorithm>

#include "cli/doctor/names.h"

namespace cloister::cli::doctor {

std::string Patient::authority() const {
  const std::uint16_t port = installation.open.port;
  return port == 443 ? host() : host() + ":" + std::to_string(port);
}

std::vector<SocketAddress> Patient::web_servers() const {
  const std::uint16_t port = installation.open.port;
  if (!outside) return {SocketAddress::v4({127, 0, 0, 1}, port)};
  std::vector<SocketAddress> out;
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    const auto found = look_up(host(), family);
    if (!found) continue;
    for (const SocketAddress& one : *found) out.push_back(one.with_port(port));
  }
  return out;
}

}  // namespace cloister::cli::doctor
