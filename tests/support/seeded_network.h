// A network in memory: datagrams are delayed, lost, doubled, overtaken and throttled as a seed has it, and
// arrive when the clock has been moved there. Every host sees what a UdpPort would show it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/udp_port.h"
#include "support/fake_clock.h"

namespace cloister::support {

// One direction of a host's access line. Probabilities 0…1.
struct Link {
  Duration delay = 5ms;
  Duration jitter = 0ms;  // added evenly from 0 to this; keeps the order
  double loss = 0;
  double duplication = 0;
  double reordering = 0;  // held back by `overtaken_by`, so that later ones pass
  Duration overtaken_by = 20ms;
  std::optional<std::int64_t> bits_per_second{};
  Duration queue = 300ms;  // what would wait longer for a throttled line is lost
  std::size_t burst = 0;   // bytes that leave a throttled line at once after a rest: a token bucket's depth
};

class SeededNetwork {
public:
  // A host's place in the network. What is sent leaves at the clock's time.
  class Host final : public net::DatagramSender {
  public:
    void send(std::span<const net::Datagram> batch) override;
    const SocketAddress& address() const { return address_; }
    // How long a datagram to it would wait now for its line.
    Duration queue() const;

    Link up;
    Link down;

  private:
    friend class SeededNetwork;
    struct Line {
      TimePoint busy_until{};
      TimePoint last_arrival{};
    };
    SeededNetwork* network_ = nullptr;
    std::string name_;
    SocketAddress address_;
    net::PacketPool* pool_ = nullptr;
    net::UdpPort::Receiver* receiver_ = nullptr;
    Line up_line_;
    Line down_line_;
  };

  SeededNetwork(std::uint64_t seed, const FakeClock& clock) : random_(seed), clock_(clock) {}
  SeededNetwork(const SeededNetwork&) = delete;
  SeededNetwork& operator=(const SeededNetwork&) = delete;

  // `name` is for the diagram. The host, its pool and its receiver live until remove().
  Host& add(std::string name, net::PacketPool& pool, net::UdpPort::Receiver& receiver,
            const Link& both_ways = {});
  // What is still on the way to it is gone.
  void remove(Host& host);
  // A datagram from an address that nobody has, and one under a host's address (RFC 2827 calls it spoofed).
  void inject(Bytes bytes, Host& to);
  void inject_as(const Host& from, Bytes bytes, Host& to);

  std::optional<TimePoint> next_arrival() const;
  // Sees each datagram as it is sent, as somebody does who listens on every line.
  void capture(std::function<void(const SocketAddress& from, const SocketAddress& to, Bytes bytes)> ear) {
    ear_ = std::move(ear);
  }
  // Delivers what is due, in order, in batches as they would be read.
  void deliver();

  // The last datagrams, one a line: time, hosts, kind, size, fate. Names no address.
  std::string flow_diagram(std::size_t lines = 60) const;

private:
  struct InFlight {
    std::string from_name;
    SocketAddress from;
    SocketAddress to;
    std::vector<std::byte> bytes;
  };
  struct Traced {
    TimePoint time;
    std::string from;
    std::string to;
    std::string what;
  };

  double chance() { return std::uniform_real_distribution<>(0, 1)(random_); }
  // When a datagram that enters the line at `at` leaves it; nothing when it is lost.
  std::optional<TimePoint> travel(const Link& link, Host::Line& line, TimePoint at, std::size_t size);
  void send(const Host& from, const net::Datagram& datagram, Host::Line& line);
  void trace(const std::string& from, const SocketAddress& to, Bytes bytes, const char* fate);

  std::mt19937_64 random_;
  const FakeClock& clock_;
  std::unordered_map<SocketAddress, std::unique_ptr<Host>> hosts_;
  std::multimap<TimePoint, InFlight> in_flight_;
  std::deque<Traced> traced_;
  std::function<void(const SocketAddress& from, const SocketAddress& to, Bytes bytes)> ear_;
  std::uint32_t next_host_ = 1;
};

}  // namespace cloister::support
