// A netlink socket to the packet filter of the network namespace that this process is in. One thread.
#pragma once

#include <sys/socket.h>

#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace cloister::firewall::nft {

class NetlinkSocket {
public:
  // `groups`: bits of the multicast groups to hear of.
  static Result<NetlinkSocket, SystemError> open(std::uint32_t groups = 0);
  ~NetlinkSocket();
  NetlinkSocket(NetlinkSocket&& other) noexcept;
  NetlinkSocket& operator=(NetlinkSocket&&) = delete;

  int fd() const { return fd_; }
  Result<void, SystemError> send(Bytes request);
  enum class Wait : std::uint8_t { no, yes };
  // The next datagram from the kernel; what other processes send is not seen. It lies in the socket's own
  // buffer and stays until the next call. Empty when there is none and `wait` is no.
  Result<Bytes, SystemError> receive(Wait wait);
  // Overwrites the buffer: it held addresses.
  void forget();

private:
  explicit NetlinkSocket(int fd);

  int fd_;
  std::vector<std::byte> buffer_;
};

}  // namespace cloister::firewall::nft
