// /proc/net/tcp, tcp6, udp, udp6 (proc(5)): one socket a line, addresses in hexadecimal, each 32 bits in the
// machine's order.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloister::audit::probes {

struct Listener {
  std::string protocol;  // "tcp", "udp"
  std::string address;   // "0.0.0.0", "[::1]"
  std::uint16_t port = 0;
  std::uint64_t inode = 0;
  bool loopback = false;
  bool ipv6 = false;
  bool any_address = false;

  std::string text() const;  // "tcp 0.0.0.0:443"
};

// Those that wait for somebody: TCP sockets that listen, UDP sockets without a peer.
std::vector<Listener> parse_sockets(std::string_view table, std::string_view protocol);

}  // namespace cloister::audit::probes
