// The least that forwarding can cost with one thread, one socket, AES-GCM by OpenSSL and UDP_SEGMENT trains:
// receive a batch, decrypt each packet once, and for each receiver copy, rewrite the RTP header, encrypt,
// send. No ICE, no RTCP, no selection, no cache. What the bridge takes beyond it is what its work costs.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "base/socket_address.h"
#include "forward/scene.h"

namespace cloister::bench {

// A media packet of room r has SSRC r and is encrypted with Gcm(r). Receiver number n of all gets it with
// SSRC kFirstReceiver + n under Gcm(kFirstReceiver + n); the receivers of room r are those from r ×
// scene.receivers.
inline constexpr std::uint32_t kFirstReceiver = 1000;

class Floor {
public:
  // Opens its socket on `ip` and starts its thread, "floor", in the caller's namespace and on its CPU.
  // `receivers` in the order of their numbers.
  Floor(const Scene& scene, const SocketAddress& ip, std::vector<SocketAddress> receivers);
  ~Floor();
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;

  const SocketAddress& address() const { return address_; }

private:
  void run(std::size_t receivers_per_room, std::vector<SocketAddress> receivers);

  int socket_ = -1;
  SocketAddress address_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace cloister::bench
