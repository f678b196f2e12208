// A client that reaches the bridge by a TURN relay (RFC 8656) alone, as from behind a firewall: the real
// coturn, a client of TURN made for this test. How the client reaches its relay, by UDP, TCP or TLS, the
// bridge cannot see.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <functional>

#include "net/timer.h"
#include "support/namespaces.h"
#include "unit/videobridge/transport/two_peers.h"

namespace cloister::videobridge::transport {
namespace {

constexpr std::uint16_t kTurnPort = 3478;
constexpr std::uint32_t kCookie = 0x2112a442;
enum Method : std::uint16_t { kAllocate = 0x0003, kPermission = 0x0008, kSend = 0x0016, kData = 0x0017 };
enum Attribute : std::uint16_t { kPeer = 0x0012, kPayload = 0x0013, kRelayed = 0x0016, kTransport = 0x0019 };

// XOR-…-ADDRESS of an IPv4 address (RFC 8489 §14.2).
std::array<std::byte, 8> masked(const SocketAddress& address) {
  std::array<std::byte, 8> out;
  ByteWriter(out)
      .u16(1)
      .u16(address.port() ^ static_cast<std::uint16_t>(kCookie >> 16))
      .u32(get_u32(address.ip(), 0) ^ kCookie);
  return out;
}
SocketAddress unmasked(Bytes value) {
  std::array<std::uint8_t, 4> ip{};
  std::array<std::byte, 4> bytes;
  ByteWriter(bytes).u32(get_u32(value, 4) ^ kCookie);
  std::ranges::transform(bytes, ip.begin(), [](std::byte one) { return std::to_integer<std::uint8_t>(one); });
  return SocketAddress::v4(ip, static_cast<std::uint16_t>(get_u16(value, 2) ^ kCookie >> 16));
}

// Sends what it is given through the relay; hands on what the relay sends.
class TurnClient final : public net::DatagramSender, net::UdpPort::Receiver {
public:
  using Handler = std::function<void(Bytes, const SocketAddress& from)>;

  TurnClient(net::Reactor& reactor, Handler handler)
      : port_(std::move(*net::UdpPort::open(reactor, pool_, {.addresses = {address("127.0.0.1", 0)}}))),
        handler_(std::move(handler)) {
    port_->start(*this);
  }
  ~TurnClient() override { port_->stop(); }

  void allocate() {
    request(kAllocate, [](ByteWriter& out) { out.u16(kTransport).u16(4).u32(17U << 24); });  // 17 is UDP
  }
  void permit(const SocketAddress& peer) {
    request(kPermission, [&](ByteWriter& out) { out.u16(kPeer).u16(8).bytes(masked(peer)); });
  }
  void send(std::span<const net::Datagram> batch) override {
    for (const auto& [to, bytes] : batch)
      request(kSend, [&, peer = to.remote, data = bytes](ByteWriter& out) {
        out.u16(kPeer).u16(8).bytes(masked(peer));
        out.u16(kPayload).u16(static_cast<std::uint16_t>(data.size())).bytes(data);
        out.zeros((4 - data.size() % 4) % 4);
      });
  }
  const std::optional<SocketAddress>& relayed() const { return relayed_; }
  bool permitted() const { return permitted_; }

private:
  template <class Write>
  void request(std::uint16_t method, Write write) {
    std::array<std::byte, 2048> space{};
    ByteWriter attributes(MutableBytes(space).subspan(20));
    write(attributes);
    ByteWriter(space)
        .u16(method)
        .u16(static_cast<std::uint16_t>(attributes.size()))
        .u32(kCookie)
        .u32(++transactions_);
    const Bytes whole = std::span(space).first(20 + attributes.size());
    const net::Datagram one{net::Path(address("127.0.0.1", kTurnPort)), whole};
    port_->send({&one, 1});
  }
  void on_datagrams(std::span<net::Arrival> batch, TimePoint) override {
    for (const net::Arrival& one : batch) {
      ByteReader in(one.packet.bytes());
      const std::uint16_t type = in.u16();
      in.skip(18);
      std::optional<SocketAddress> peer;
      Bytes data;
      while (in.left() >= 4) {
        const std::uint16_t attribute = in.u16();
        const std::size_t length = in.u16();
        const Bytes value = in.take(std::min(length, in.left()));
        in.skip(std::min((4 - length % 4) % 4, in.left()));
        if (attribute == kRelayed) relayed_ = unmasked(value);
        if (attribute == kPeer) peer = unmasked(value);
        if (attribute == kPayload) data = value;
      }
      if (type == (kPermission | 0x0100)) permitted_ = true;
      if (type == kData && peer) handler_(data, *peer);
    }
  }

  net::PacketPool pool_;
  std::unique_ptr<net::UdpPort> port_;
  Handler handler_;
  std::optional<SocketAddress> relayed_;
  bool permitted_ = false;
  std::uint32_t transactions_ = 0;
};

class Coturn {
public:
  Coturn() {
    std::array words{"turnserver",
                     "-n",
                     "--no-auth",
                     "--listening-ip=127.0.0.1",
                     "--relay-ip=127.0.0.1",
                     "--allow-loopback-peers",
                     "--no-cli",
                     "--no-tls",
                     "--no-dtls",
                     "--no-stdout-log",
                     "--log-file=/dev/null",
                     "--pidfile=/dev/null"};
    std::array<char*, words.size() + 1> arguments{};
    std::ranges::transform(words, arguments.begin(),
                           [](const char* word) { return const_cast<char*>(word); });
    if (posix_spawnp(&process_, words[0], nullptr, nullptr, arguments.data(), environ) != 0) process_ = 0;
  }
  ~Coturn() {
    if (process_ == 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  bool started() const { return process_ != 0; }

private:
  pid_t process_ = 0;
};

class TurnTest : public testing::Test, public Transport::Listener, net::UdpPort::Receiver {
protected:
  void SetUp() override {
    if (!namespaces_.made()) GTEST_SKIP() << "may not make network namespaces";
    test::ip("link set lo up");
    coturn_.emplace();
    if (!coturn_->started()) GTEST_SKIP() << "coturn is not installed";
    bridge_port_ = std::move(*net::UdpPort::open(reactor_, pool_, {.addresses = {address("127.0.0.1", 0)}}));
    turn_.emplace(reactor_, [this](Bytes bytes, const SocketAddress& from) {
      client_->on_datagram(packet_of(bytes), net::Path(from), clock_.now());
      client_outbox_->flush();
    });
    bridge_outbox_.emplace(*bridge_port_);
    client_outbox_.emplace(*turn_);
    ASSERT_TRUE(run_until(10s, [&, next = TimePoint()]() mutable {
      if (clock_.now() >= next) {
        next = clock_.now() + 200ms;  // until it is up
        turn_->allocate();
      }
      return turn_->relayed().has_value();
    }));
    turn_->permit(bridge_port_->local_addresses()[0]);
    ASSERT_TRUE(run_until(2s, [&] { return turn_->permitted(); }));
  }
  void TearDown() override {
    if (bridge_port_) bridge_port_->stop();
    if (bridge_) peers_.remove(*bridge_);
  }
  void make_transports() {
    const SocketAddress here = bridge_port_->local_addresses()[0];
    Candidate relayed{
        .type = CandidateType::relayed, .address = *turn_->relayed(), .base = *turn_->relayed()};
    relayed.priority = candidate_priority(CandidateType::relayed, 65535);
    bridge_.emplace(TransportSettings{}, std::vector{host_candidate(here)}, certificate_, *bridge_outbox_,
                    drops_, *this);
    client_.emplace(TransportSettings{.controlling = false, .setup = Setup::active, .opens_channel = true},
                    std::vector{relayed}, certificate_, *client_outbox_, drops_, *this);
    peers_.add(*bridge_);
    bridge_port_->start(*this);
    client_->set_remote(as_remote(bridge_->local(), true), clock_.now());
    bridge_->set_remote(as_remote(client_->local(), true), clock_.now());
  }
  void on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) override {
    for (net::Arrival& one : batch) peers_.on_datagram(std::move(one.packet), one.from, arrived);
  }
  net::Packet packet_of(Bytes bytes) {
    net::Packet out = pool_.acquire();
    std::ranges::copy(bytes, out.space().begin());
    out.resize(bytes.size());
    return out;
  }
  bool run_until(Duration within, std::function<bool()> reached) {
    const TimePoint end = clock_.now() + within;
    bool done = false;
    net::Timer tick(reactor_);
    const std::function<void()> step = [&] {
      const TimePoint now = clock_.now();
      for (auto* one : {&bridge_, &client_})
        if (*one)
          if (const auto due = (*one)->next_wakeup(); due && *due <= now) (*one)->on_wakeup(now);
      bridge_outbox_->flush();
      client_outbox_->flush();
      done = reached();
      if (done || now >= end) return reactor_.stop();
      tick.start(2ms, step);
    };
    reactor_.post(step);
    reactor_.run();
    return done;
  }
  static void send_rtp(Transport& by, std::uint16_t sequence, std::size_t payload) {
    ByteWriter out(by.reserve());
    out.u8(0x80).u8(96).u16(sequence).u32(0).u32(0x1234).zeros(payload);
    by.commit_rtp(out.size());
  }

  void on_rtp(net::Packet packet, TimePoint) override { sizes_.push_back(packet.bytes().size()); }
  void on_rtcp(MutableBytes, TimePoint) override {}
  void on_secure(TimePoint) override {}
  void on_channel_open(TimePoint) override {}
  void on_channel_message(std::string_view text, TimePoint) override { messages_.emplace_back(text); }
  void on_channel_closed(TimePoint) override {}
  void on_transport_failed(TransportFailure, TimePoint) override {}

  test::Namespaces namespaces_{1};
  std::optional<Coturn> coturn_;
  SteadyClock clock_;
  net::Reactor reactor_;
  net::PacketPool pool_;
  Drops drops_;
  PeerTable peers_{drops_};
  std::shared_ptr<const Certificate> certificate_ = Certificate::generate();
  std::unique_ptr<net::UdpPort> bridge_port_;
  std::optional<TurnClient> turn_;
  std::optional<net::Outbox> bridge_outbox_, client_outbox_;
  std::optional<Transport> bridge_, client_;
  std::vector<std::size_t> sizes_;
  std::vector<std::string> messages_;
};

// Checklist: 69
TEST_F(TurnTest, AClientBehindARelayHasMediaAndChannelBothWays) {
  make_transports();
  ASSERT_TRUE(run_until(10s, [&] { return bridge_->is_channel_open() && client_->is_channel_open(); }));
  EXPECT_TRUE(bridge_->selected_path() == net::Path(*turn_->relayed()));
  constexpr std::size_t kLarge = 1200;
  send_rtp(*bridge_, 1, kLarge);
  send_rtp(*client_, 1, kLarge);
  EXPECT_TRUE(bridge_->send_channel_message("down"));
  EXPECT_TRUE(client_->send_channel_message("up"));
  EXPECT_TRUE(run_until(3s, [&] { return sizes_.size() == 2 && messages_.size() == 2; }));
  EXPECT_EQ(sizes_, std::vector<std::size_t>(2, kLarge + 12));
}

}  // namespace
}  // namespace cloister::videobridge::transport
