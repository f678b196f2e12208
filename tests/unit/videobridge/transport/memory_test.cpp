// What a connected transport keeps. A bridge holds one for each participant for hours, and most of what
// OpenSSL needs for a handshake is not needed afterwards.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "net/packet_pool.h"
#include "support/heap.h"
#include "videobridge/transport/transport.h"

namespace cloister::videobridge::transport {
namespace {

struct Ignoring final : Transport::Listener {
  void on_rtp(net::Packet, TimePoint) override {}
  void on_rtcp(MutableBytes, TimePoint) override {}
  void on_secure(TimePoint) override {}
  void on_channel_open(TimePoint) override {}
  void on_channel_message(std::string_view, TimePoint) override {}
  void on_channel_closed(TimePoint) override {}
  void on_transport_failed(TransportFailure, TimePoint) override {}
};

// A bridge's and a client's transport, joined by one outbox.
class Couples final : public net::DatagramSender {
public:
  struct Couple {
    std::unique_ptr<Transport> bridge, client;
  };

  void connect(TransportSettings settings) {
    const SocketAddress here = *SocketAddress::parse("192.0.2.1", 10000);
    const SocketAddress there = *SocketAddress::parse("198.51.100.7", ++last_port_);
    const auto make = [&](const SocketAddress& at) {
      Candidate candidate{.address = at, .base = at};
      return std::make_unique<Transport>(settings, std::vector{candidate}, certificate_, outbox_, drops_,
                                         listener_);
    };
    Couple couple;
    couple.bridge = make(here);
    settings.controlling = false;
    settings.setup = Setup::active;
    settings.opens_channel = true;
    couple.client = make(there);
    introduce(*couple.client, *couple.bridge);
    introduce(*couple.bridge, *couple.client);
    for (int i = 0; i < 200 && !(couple.bridge->is_secure() && couple.client->is_secure()); ++i) {
      now_ += 20ms;
      for (auto* one : {couple.bridge.get(), couple.client.get()})
        if (const auto due = one->next_wakeup(); due && *due <= now_) one->on_wakeup(now_);
      outbox_.flush();
      for (const auto& [to, bytes] : std::exchange(flying_, {})) {
        net::Packet packet = pool_.acquire();
        std::ranges::copy(bytes, packet.space().begin());
        packet.resize(bytes.size());
        Transport& receiver = to.remote == here ? *couple.bridge : *couple.client;
        receiver.on_datagram(std::move(packet), to.remote == here ? there : here, now_);
      }
    }
    ASSERT_TRUE(couple.bridge->is_secure() && couple.client->is_secure());
    couples_.push_back(std::move(couple));
  }
  void send(std::span<const net::Datagram> batch) override {
    for (const net::Datagram& one : batch)
      flying_.push_back({
          one.to, {one.bytes.begin(), one.bytes.end()}
      });
  }

private:
  struct Flight {
    net::Path to;
    std::vector<std::byte> bytes;
  };
  void introduce(Transport& to, const Transport& from) const {
    const LocalDescription& local = from.local();
    to.set_remote({.ufrag = local.ufrag,
                   .pwd = local.pwd,
                   .candidates = local.candidates,
                   .fingerprints = {local.fingerprint},
                   .setup = local.setup},
                  now_);
  }

  std::shared_ptr<const Certificate> certificate_ = Certificate::generate();
  net::PacketPool pool_;
  net::Outbox outbox_{*this};
  Drops drops_;
  Ignoring listener_;
  std::vector<Flight> flying_;
  std::vector<Couple> couples_;
  std::uint16_t last_port_ = 1000;
  TimePoint now_{std::chrono::hours(1)};
};

TEST(TransportMemory, WithoutADataChannelAConnectedTransportIsSmall) {
  Couples couples;
  for (int i = 0; i < 5; ++i) couples.connect({.data_channel = false});
  constexpr std::size_t kCouples = 50;
  const std::size_t before = support::bytes_in_use();
  for (std::size_t i = 0; i < kCouples; ++i) couples.connect({.data_channel = false});
  const std::size_t each = (support::bytes_in_use() - before) / (2 * kCouples);
  EXPECT_GT(each, 1000U) << "otherwise this measures nothing";
  EXPECT_LE(each, std::size_t{11} * 1024);
  RecordProperty("bytes_each", static_cast<int>(each));
}

// With a channel OpenSSL stays, and usrsctp comes: known, and bounded.
TEST(TransportMemory, ADataChannelCostsWhatOpenSslAndSctpNeed) {
  Couples couples;
  for (int i = 0; i < 5; ++i) couples.connect({});
  constexpr std::size_t kCouples = 20;
  const std::size_t before = support::bytes_in_use();
  for (std::size_t i = 0; i < kCouples; ++i) couples.connect({});
  const std::size_t each = (support::bytes_in_use() - before) / (2 * kCouples);
  EXPECT_LE(each, std::size_t{72} * 1024);
  RecordProperty("bytes_each", static_cast<int>(each));
}

}  // namespace
}  // namespace cloister::videobridge::transport
