// Datagrams that nobody asked for, at a steady rate, from a thread of their own.
#pragma once

#include <sys/socket.h>

#include <array>
#include <thread>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/socket_address.h"
#include "forward/place.h"
#include "net/timer.h"
#include "net/udp_socket.h"

namespace cloister::bench {

enum class Junk : std::uint8_t {
  random,  // bytes that are nothing
  stun     // connectivity checks for a peer that does not exist
};

class Flood {
public:
  static constexpr std::size_t kBurst = 64;
  static constexpr std::size_t kSize = 100;  // bytes

  Flood(const Place& place, const SocketAddress& to, int packets_per_second, Junk junk);
  ~Flood();
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  const Counter& sent() const { return sent_; }

private:
  void send_burst();

  Counter sent_;
  net::FileDescriptor socket_;
  std::array<std::byte, kSize> bytes_{};
  sockaddr_storage to_{};
  iovec piece_{};
  std::array<mmsghdr, kBurst> headers_{};
  const Duration interval_;
  TimePoint next_{};
  net::Reactor reactor_;
  net::Timer timer_{reactor_};
  std::thread thread_;
};

// What receiving costs that flood, and nothing else: a process that reads it with recvmmsg and throws it
// away. ns of processor time per datagram.
double cost_of_receiving(const Place& receiver, const Place& sender, int packets_per_second, Junk junk);

}  // namespace cloister::bench
