// A shard's UDP port on real sockets: one socket per local address, all on the same port number; and further
// ports of the same kind for what needs its own. Reads
// batches into pool packets, sends batches as UDP_SEGMENT trains (udp(7)): consecutive datagrams of one size
// to one path leave in one system-wide traversal of the stack, which is where the cost of sending lies
// (shared/performance.md §4.2). Shard thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "net/datagram.h"
#include "net/local_addresses.h"
#include "net/packet_pool.h"
#include "net/reactor.h"

namespace cloister::net {

struct Arrival {
  Packet packet;
  Path from;
  TimePoint came{};  // when the kernel had it, to be read; only with UdpPortSettings::kernel_times
};

struct UdpPortSettings {
  std::uint16_t port = 0;                // 0: any that is free on all addresses
  std::vector<SocketAddress> addresses;  // ports ignored; must not be empty
  std::uint16_t more_ports = 0;          // further ones on each address, `more_from` and up; 0: any free
  std::uint16_t more_from = 0;
  int receive_buffer = 10 * 1024 * 1024;  // bytes; the kernel's net.core.rmem_max may cut it
  int send_buffer = 4 * 1024 * 1024;      // bytes
  bool kernel_times = false;              // for measuring; costs a little with each datagram
};

struct UdpCounters {
  Counter received, received_bytes, truncated, no_buffer, kernel_lost;
  Counter sent, sent_bytes, trains, send_failed;
};

class UdpPort final : public DatagramSender {
public:
  struct Receiver {
    virtual ~Receiver() = default;
    // One batch of at most kBatch; what is not moved out goes back to the pool.
    virtual void on_datagrams(std::span<Arrival> batch, TimePoint arrived) = 0;
  };
  static constexpr std::size_t kBatch = 64;

  // `reactor` and `pool` outlive the port.
  static Result<std::unique_ptr<UdpPort>, SystemError> open(Reactor& reactor, PacketPool& pool,
                                                            const UdpPortSettings& settings);
  ~UdpPort() override;

  // Reads from now on, on the reactor's thread. `receiver` outlives the port or is replaced by stop().
  void start(Receiver& receiver);
  void stop();

  void send(std::span<const Datagram> batch) override;

  std::uint16_t port() const;
  // Index = Path::socket. Those of the port come first; then, port by port, the further ones.
  const std::vector<SocketAddress>& local_addresses() const;
  const UdpCounters& counters() const;

private:
  class Impl;
  explicit UdpPort(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;  // shared with a wait that may still be queued
};

}  // namespace cloister::net
