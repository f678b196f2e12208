// The addresses that this machine has. Our own, no participant's.
#pragma once

#include <string>
#include <vector>

#include "base/socket_address.h"

namespace cloister::net {

struct LocalAddress {
  std::string interface;
  SocketAddress address;  // port 0
  bool up = true;         // the interface is
};

// All IPv4 and IPv6 addresses of all interfaces, as the kernel lists them; empty when it cannot be asked.
std::vector<LocalAddress> local_addresses();

enum class IncludeLoopback : bool { no, yes };

// Addresses of the interfaces that are up, without link-local ones; port 0, each once. IPv4 first.
std::vector<SocketAddress> usable_addresses(const std::vector<LocalAddress>& all, IncludeLoopback loopback);
// The same of this machine.
std::vector<SocketAddress> usable_local_addresses(IncludeLoopback loopback);

}  // namespace cloister::net
