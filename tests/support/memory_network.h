// A network in memory: seeded loss, delay and reordering, on a stepped clock. Hosts are addresses with
// something that takes datagrams.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "net/datagram.h"

namespace cloister::test {

// Nanoseconds of the network that moved last; see stepped_time_of_day.h.
inline std::atomic<std::int64_t> stepped_time{0};

class MemoryNetwork {
public:
  struct Link {
    Duration delay = 5ms;
    Duration jitter = 0ms;  // added evenly; more than the distance of two datagrams reorders them
    double loss = 0;        // 0…1
  };
  using Receiver = std::function<void(Bytes datagram, const SocketAddress& from)>;

  using Tap = std::function<void(const SocketAddress& from, Bytes datagram)>;

  explicit MemoryNetwork(std::uint64_t seed) : random_(seed) {}

  TimePoint now() const { return now_; }
  void set_link(Link link) { link_ = link; }
  // Sees all that is sent, lost or not.
  void tap(Tap tap) { tap_ = std::move(tap); }
  void attach(const SocketAddress& address, Receiver receiver) { hosts_[address] = std::move(receiver); }
  void detach(const SocketAddress& address) { hosts_.erase(address); }

  void send(const SocketAddress& from, const SocketAddress& to, Bytes datagram) {
    ++sent_;
    largest_ = std::max(largest_, datagram.size());
    if (tap_) tap_(from, datagram);
    if (std::uniform_real_distribution(0.0, 1.0)(random_) < link_.loss) return;
    const auto jitter = std::uniform_int_distribution<Duration::rep>(0, link_.jitter.count())(random_);
    flying_.emplace(now_ + link_.delay + Duration(jitter), Flight{
                                                               from, to, {datagram.begin(), datagram.end()}
    });
  }

  std::optional<TimePoint> next_arrival() const {
    return flying_.empty() ? std::nullopt : std::optional(flying_.begin()->first);
  }
  // Moves the clock and delivers what arrives until then.
  void advance_to(TimePoint when) {
    now_ = std::max(now_, when);
    stepped_time = now_.time_since_epoch().count();
    while (!flying_.empty() && flying_.begin()->first <= now_) {
      const Flight flight = std::move(flying_.begin()->second);
      flying_.erase(flying_.begin());
      if (const auto host = hosts_.find(flight.to); host != hosts_.end())
        host->second(flight.datagram, flight.from);
    }
  }

  std::size_t sent() const { return sent_; }
  std::size_t largest() const { return largest_; }

private:
  struct Flight {
    SocketAddress from, to;
    std::vector<std::byte> datagram;
  };

  std::mt19937_64 random_;
  Link link_;
  Tap tap_;
  TimePoint now_{std::chrono::hours(1)};
  std::multimap<TimePoint, Flight> flying_;
  std::unordered_map<SocketAddress, Receiver> hosts_;
  std::size_t sent_ = 0;
  std::size_t largest_ = 0;
};

}  // namespace cloister::test
