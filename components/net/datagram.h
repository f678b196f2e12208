// What goes over a shard's UDP sockets, as values.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "base/bytes.h"
#include "base/socket_address.h"

namespace cloister::net {

// The 5-tuple of a datagram, seen from us: the other's address, and which of our sockets (index into
// UdpPort::local_addresses()). An answer leaves by the socket that the question came in by, so its source
// address is the one the other knows.
struct Path {
  SocketAddress remote;
  std::uint8_t socket = 0;

  Path() = default;
  Path(const SocketAddress& to, std::uint8_t by = 0) : remote(to), socket(by) {}
  friend bool operator==(const Path&, const Path&) = default;
};

struct Datagram {
  Path to;
  Bytes bytes;
};

// Takes one batch; the bytes are the caller's again when send() returns. What cannot be sent is dropped and
// counted.
struct DatagramSender {
  virtual ~DatagramSender() = default;
  virtual void send(std::span<const Datagram> batch) = 0;
};

}  // namespace cloister::net

template <>
struct std::hash<cloister::net::Path> {
  std::size_t operator()(const cloister::net::Path& path) const noexcept {
    return std::hash<cloister::SocketAddress>()(path.remote) ^ path.socket;
  }
};
