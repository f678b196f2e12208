// A join without network: ICE, DTLS and the key exchange between two transports of ours. The bridge's half is
// counted for itself.
#include <benchmark/benchmark.h>

#include <ctime>

#include "support/seeded_network.h"
#include "videobridge/transport/transport.h"

namespace {

using namespace cloister;
using namespace cloister::videobridge::transport;

double thread_cpu_seconds() {
  timespec cpu{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
  return static_cast<double>(cpu.tv_sec) + static_cast<double>(cpu.tv_nsec) / 1e9;
}

class End final : net::UdpPort::Receiver, Transport::Listener {
public:
  End(const char* name, const TransportSettings& settings, support::SeededNetwork& network,
      const std::shared_ptr<const Certificate>& certificate)
      : network_(network),
        host_(network.add(name, pool_, *this,
                          {
                              .delay = 0ms
  })),
        outbox_(host_, 64, 64 * 1024),
        transport_(settings,
                   {{.address = host_.address(),
                     .base = host_.address(),
                     .priority = candidate_priority(CandidateType::host, 65535)}},
                   certificate, outbox_, drops_, *this) {}
  ~End() override { network_.remove(host_); }

  void meet(const End& other, TimePoint now) {
    const LocalDescription& local = other.transport_.local();
    transport_.set_remote({local.ufrag,
                           local.pwd,
                           local.candidates,
                           {local.fingerprint},
                           local.setup == Setup::actpass ? Setup::passive : local.setup},
                          now);
    outbox_.flush();
  }
  void wake(TimePoint now) {
    const double before = thread_cpu_seconds();
    if (const auto due = transport_.next_wakeup(); due && *due <= now) transport_.on_wakeup(now);
    outbox_.flush();
    cpu_seconds += thread_cpu_seconds() - before;
  }
  std::optional<TimePoint> next_wakeup() const { return transport_.next_wakeup(); }
  bool is_secure() const { return transport_.is_secure(); }

  double cpu_seconds = 0;

private:
  void on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) override {
    const double before = thread_cpu_seconds();
    for (net::Arrival& arrival : batch)
      transport_.on_datagram(std::move(arrival.packet), arrival.from, arrived);
    outbox_.flush();
    cpu_seconds += thread_cpu_seconds() - before;
  }
  void on_rtp(net::Packet, TimePoint) override {}
  void on_rtcp(MutableBytes, TimePoint) override {}
  void on_secure(TimePoint) override {}
  void on_channel_open(TimePoint) override {}
  void on_channel_message(std::string_view, TimePoint) override {}
  void on_channel_closed(TimePoint) override {}
  void on_transport_failed(TransportFailure, TimePoint) override {}

  net::PacketPool pool_{256};
  support::SeededNetwork& network_;
  support::SeededNetwork::Host& host_;
  net::Outbox outbox_;
  Drops drops_;
  Transport transport_;
};

void join(benchmark::State& state) {
  const auto certificate = Certificate::generate();
  double bridge_seconds = 0;
  for (auto _ : state) {
    support::FakeClock clock;
    support::SeededNetwork network(1, clock);
    End bridge("bridge", {.controlling = true, .setup = Setup::actpass, .data_channel = false}, network,
               certificate);
    End client("client", {.controlling = false, .setup = Setup::active, .data_channel = false}, network,
               certificate);
    client.meet(bridge, clock.now());
    bridge.meet(client, clock.now());
    while (!bridge.is_secure() || !client.is_secure()) {
      const auto next = earlier(earlier(network.next_arrival(), bridge.next_wakeup()), client.next_wakeup());
      if (!next || *next > TimePoint(1060s)) return state.SkipWithError("no connection");
      clock.time = std::max(*next, clock.time);
      network.deliver();
      bridge.wake(clock.now());
      client.wake(clock.now());
    }
    bridge_seconds += bridge.cpu_seconds;
  }
  state.counters["bridge_us"] = benchmark::Counter(bridge_seconds * 1e6, benchmark::Counter::kAvgIterations);
}
BENCHMARK(join)->Unit(benchmark::kMicrosecond);

}  // namespace
