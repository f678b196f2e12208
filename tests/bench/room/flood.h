// Datagrams that nobody asked for, at a steady rate, from a thread of their own.
#pragma once

#include <atomic>
#include <thread>

#include "base/metrics.h"
#include "base/socket_address.h"
#include "forward/place.h"

namespace cloister::bench {

enum class Junk : std::uint8_t {
  random,  // bytes that are nothing
  stun     // connectivity checks for a peer that does not exist
};

class Flood {
public:
  Flood(const Place& place, const SocketAddress& to, int packets_per_second, Junk junk);
  ~Flood();
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  const Counter& sent() const { return sent_; }

private:
  void run(const SocketAddress& to, int packets_per_second, Junk junk);

  Counter sent_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

// What receiving costs that flood, and nothing else: a process that reads it with recvmmsg and throws it
// away. ns of processor time per datagram.
double cost_of_receiving(const Place& receiver, const Place& sender, int packets_per_second, Junk junk);

}  // namespace cloister::bench
