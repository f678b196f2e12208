// A client with two interfaces and a bridge, each in a network namespace of its own, over the kernel's real
// sockets: the interface in use goes away in the middle of a call. Needs the right to make namespaces.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <thread>

#include "net/timer.h"
#include "support/namespaces.h"
#include "unit/videobridge/transport/two_peers.h"
#include "videobridge/transport/ice/candidates.h"
#include "wire/stun.h"

namespace cloister::videobridge::transport {
namespace {

using test::ip;

struct Family {
  const char* name;
  const char* option;
  std::array<const char*, 2> client;   // on wifi and cell
  std::array<const char*, 2> gateway;  // the bridge's end of each
  const char* bridge;                  // reached by both
  const char* length;
  const char* flags;
};
constexpr Family kFamilies[] = {
    {"IPv4", "-4", {"10.1.0.2", "10.2.0.2"}, {"10.1.0.1", "10.2.0.1"}, "10.9.0.1", "/24", ""      },
    {"IPv6", "-6", {"fd01::2", "fd02::2"},   {"fd01::1", "fd02::1"},   "fd09::1",  "/64", " nodad"},
};
constexpr std::array kInterfaces{"wifi", "cell"};

// One side on real sockets.
class RealSide final : public Transport::Listener, net::UdpPort::Receiver {
public:
  RealSide(net::Reactor& reactor, const std::vector<SocketAddress>& addresses,
           const TransportSettings& settings)
      : port_(open(reactor, pool_, addresses)),
        transport_(settings, make_candidates(port_->local_addresses(), {}), Certificate::generate(), outbox_,
                   drops_, *this) {
    peers_.add(transport_);
    port_->start(*this);
  }
  ~RealSide() override {
    port_->stop();
    peers_.remove(transport_);
  }

  void step(TimePoint now) {
    if (const auto due = transport_.next_wakeup(); due && *due <= now) transport_.on_wakeup(now);
    if (now >= next_packet_) {
      next_packet_ = now + 20ms;
      ByteWriter out(transport_.reserve());
      out.u8(0x80).u8(96).u16(++sequence_).u32(0).u32(0x1234).zeros(60);
      if (out.ok()) transport_.commit_rtp(out.size());
    }
    outbox_.flush();
  }
  LocalDescription restart(TimePoint now) {
    const auto local = transport_.restart_ice(now);
    peers_.update(transport_);
    return local.value();
  }

  Transport& transport() { return transport_; }
  net::Outbox& outbox() { return outbox_; }
  const SocketAddress& at() const { return port_->local_addresses()[0]; }
  Duration gap{};  // longest silence so far

private:
  // IPv6 addresses can be bound a moment after the link is up.
  static std::unique_ptr<net::UdpPort> open(net::Reactor& reactor, net::PacketPool& pool,
                                            const std::vector<SocketAddress>& addresses) {
    for (const TimePoint end = SteadyClock().now() + 10s;;) {
      auto port = net::UdpPort::open(reactor, pool, {.addresses = addresses});
      if (port || SteadyClock().now() > end) return std::move(port.value());
      std::this_thread::yield();
    }
  }
  void on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) override {
    for (net::Arrival& one : batch) peers_.on_datagram(std::move(one.packet), one.from, arrived);
    outbox_.flush();
  }
  void on_rtp(net::Packet, TimePoint arrived) override {
    if (last_) gap = std::max(gap, arrived - *last_);
    last_ = arrived;
  }
  void on_rtcp(MutableBytes, TimePoint) override {}
  void on_secure(TimePoint) override {}
  void on_channel_open(TimePoint) override {}
  void on_channel_message(std::string_view, TimePoint) override {}
  void on_channel_closed(TimePoint) override {}
  void on_transport_failed(TransportFailure, TimePoint) override {}

  net::PacketPool pool_;
  Drops drops_;
  std::unique_ptr<net::UdpPort> port_;
  net::Outbox outbox_{*port_};
  Transport transport_;
  PeerTable peers_{drops_};
  TimePoint next_packet_{};
  std::uint16_t sequence_ = 0;
  std::optional<TimePoint> last_;
};

class TwoInterfaces : public testing::TestWithParam<Family> {
protected:
  void SetUp() override {
    if (!namespaces_.made()) GTEST_SKIP() << "may not make network namespaces";
    const Family& family = GetParam();
    namespaces_.enter(1);
    for (std::size_t i = 0; i < 2; ++i)
      ip(std::string("link add ") + kInterfaces[i] + " type veth peer name " + kInterfaces[i] + " netns " +
         namespaces_.path(0));
    set_up(family.client);
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string table = std::to_string(100 + i);
      ip(std::string(family.option) + " rule add from " + family.client[i] + " table " + table);
      ip(std::string(family.option) + " route add default via " + family.gateway[i] + " dev " +
         kInterfaces[i] + " table " + table);
    }
    namespaces_.enter(0);
    set_up(family.gateway);
    ip(std::string("address add ") + family.bridge + " dev lo");
    bridge_.emplace(reactor_, std::vector{address(family.bridge, 0)},
                    TransportSettings{.data_channel = false});
    namespaces_.enter(1);
    client_.emplace(reactor_, std::vector{address(family.client[0], 0), address(family.client[1], 0)},
                    TransportSettings{.controlling = false, .setup = Setup::active, .data_channel = false});
    const TimePoint now = clock_.now();
    client_->transport().set_remote(as_remote(bridge_->transport().local(), true), now);
    bridge_->transport().set_remote(as_remote(client_->transport().local(), false), now);
    ASSERT_TRUE(run_until(5s, [&] { return client_->transport().is_secure() && in_use() >= 0; }));
    run_until(1s, [] { return false; });
    bridge_->gap = client_->gap = {};
  }
  static void set_up(const std::array<const char*, 2>& addresses) {
    for (std::size_t i = 0; i < 2; ++i) {
      ip(std::string("address add ") + addresses[i] + GetParam().length + " dev " + kInterfaces[i] +
         GetParam().flags);
      ip(std::string("link set ") + kInterfaces[i] + " up");
    }
    ip("link set lo up");
  }
  // The client's interface that the bridge sends to.
  int in_use() {
    const auto path = bridge_->transport().selected_path();
    if (!path) return -1;
    const auto same = [&](const char* ip) { return path->remote.ip_text_for_wire() == ip; };
    return static_cast<int>(std::ranges::find_if(GetParam().client, same) - GetParam().client.begin());
  }
  void lose_interface_in_use() {
    lost_ = in_use();
    ASSERT_TRUE(lost_ == 0 || lost_ == 1);
    namespaces_.enter(1);
    ip(std::string("link set ") + kInterfaces[static_cast<std::size_t>(lost_)] + " down");
  }

  bool run_until(Duration within, const std::function<bool()>& reached) {
    const TimePoint end = clock_.now() + within;
    bool done = false;
    net::Timer tick(reactor_);
    const std::function<void()> step = [&] {
      const TimePoint now = clock_.now();
      bridge_->step(now);
      client_->step(now);
      done = reached();
      if (done || now >= end) return reactor_.stop();
      tick.start(2ms, step);
    };
    reactor_.post(step);
    reactor_.run();
    return done;
  }

  test::Namespaces namespaces_{2};
  SteadyClock clock_;
  net::Reactor reactor_;
  std::optional<RealSide> bridge_, client_;
  int lost_ = -1;
};

// Checklist: 70, 76
TEST_P(TwoInterfaces, AnIceRestartMovesTheCallToTheOtherOne) {
  lose_interface_in_use();
  const TimePoint now = clock_.now();
  const auto tagged = [](const LocalDescription& local, bool with_candidates) {
    RemoteDescription out = as_remote(local, with_candidates);
    out.ice_generation = local.ice_generation;
    return out;
  };
  const RemoteDescription offer = tagged(bridge_->restart(now), true);
  const RemoteDescription answer = tagged(client_->restart(now), false);
  client_->transport().set_remote(offer, now);
  bridge_->transport().set_remote(answer, now);
  EXPECT_TRUE(run_until(3s, [&] { return in_use() == 1 - lost_; }));
  run_until(300ms, [] { return false; });
  EXPECT_LT(bridge_->gap, 1s);
  EXPECT_LT(client_->gap, 1s);
}

// Checklist: 70, 81
TEST_P(TwoInterfaces, WithoutARestartTheClientsChecksFromTheOtherOneAreEnough) {
  lose_interface_in_use();
  // What a browser sends as soon as an interface is gone, and repeats until its pair is chosen.
  const LocalDescription& bridge = bridge_->transport().local();
  const net::Path other(bridge_->at(), static_cast<std::uint8_t>(1 - lost_));
  TimePoint next{};
  EXPECT_TRUE(run_until(3s, [&] {
    if (const TimePoint now = clock_.now(); now >= next) {
      next = now + 100ms;
      std::array<std::byte, 300> space;
      const std::size_t length = wire::StunWriter(space, wire::StunClass::request, wire::TransactionId{})
                                     .username(bridge.ufrag, client_->transport().local().ufrag)
                                     .priority(1)
                                     .controlled(1)
                                     .finish(wire::HmacSha1(as_bytes(bridge.pwd)));
      client_->outbox().send(std::span(space).first(length), other);
    }
    return in_use() == 1 - lost_;
  }));
  run_until(300ms, [] { return false; });
  EXPECT_LT(bridge_->gap, 1s);
  EXPECT_LT(client_->gap, 1s);
}

INSTANTIATE_TEST_SUITE_P(Families, TwoInterfaces, testing::ValuesIn(kFamilies),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace cloister::videobridge::transport
