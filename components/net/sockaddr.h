// SocketAddress ↔ the kernel's form.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "base/socket_address.h"

namespace cloister::net {

inline std::optional<SocketAddress> from_sockaddr(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, &address, sizeof in);
    std::array<std::uint8_t, 4> ip;
    std::memcpy(ip.data(), &in.sin_addr, ip.size());
    return SocketAddress::v4(ip, ntohs(in.sin_port));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 in;
    std::memcpy(&in, &address, sizeof in);
    std::array<std::uint8_t, 16> ip;
    std::memcpy(ip.data(), &in.sin6_addr, ip.size());
    return SocketAddress::v6(ip, ntohs(in.sin6_port));
  }
  return std::nullopt;
}

// Returns the length in use.
inline socklen_t to_sockaddr(const SocketAddress& address, sockaddr_storage& out) {
  if (address.family() == IpFamily::v4) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(address.port());
    std::memcpy(&in.sin_addr, address.ip().data(), 4);
    std::memcpy(&out, &in, sizeof in);
    return sizeof in;
  }
  sockaddr_in6 in{};
  in.sin6_family = AF_INET6;
  in.sin6_port = htons(address.port());
  std::memcpy(&in.sin6_addr, address.ip().data(), 16);
  std::memcpy(&out, &in, sizeof in);
  return sizeof in;
}

}  // namespace cloister::net
