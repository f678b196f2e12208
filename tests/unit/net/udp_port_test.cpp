// Real sockets on loopback.
#include "net/udp_port.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "net/outbox.h"
#include "support/pause.h"

namespace cloister::net {
namespace {

struct Recorder final : UdpPort::Receiver {
  std::vector<std::pair<Path, std::string>> got;
  void on_datagrams(std::span<Arrival> batch, TimePoint) override {
    for (const Arrival& one : batch) got.emplace_back(one.from, as_text(one.packet.bytes()));
  }
};

class UdpPortTest : public testing::Test {
protected:
  std::unique_ptr<UdpPort> open(std::vector<SocketAddress> addresses, PacketPool& pool) {
    auto port = UdpPort::open(reactor_, pool, {.addresses = std::move(addresses)});
    EXPECT_TRUE(port);
    return std::move(*port);
  }
  // Until `count` datagrams came or a second is over.
  void receive(const Recorder& recorder, std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + 1s;
    while (recorder.got.size() < count && std::chrono::steady_clock::now() < deadline) reactor_.poll();
  }

  const SocketAddress loopback_ = *SocketAddress::parse("127.0.0.1", 0);
  const SocketAddress second_ = *SocketAddress::parse("127.0.0.2", 0);
  Reactor reactor_;
  PacketPool pool_;
};

TEST_F(UdpPortTest, FurtherPortsAreSocketsBehindTheFirst) {
  const auto made = UdpPort::open(reactor_, pool_,
                                  {
                                      .addresses = {loopback_, second_},
                                        .more_ports = 2
  });
  ASSERT_TRUE(made);
  UdpPort& port = **made;
  const auto& sockets = port.local_addresses();
  ASSERT_EQ(sockets.size(), 6U);
  EXPECT_EQ(port.port(), sockets[1].port()) << "one number on all addresses";
  EXPECT_NE(sockets[2].port(), sockets[0].port());
  EXPECT_EQ(sockets[2].port(), sockets[3].port());
  Recorder recorder;
  port.start(recorder);
  const auto text = as_bytes(std::string_view("to a further one"));
  port.send(std::array{
      Datagram{Path(sockets[4], 2), text}
  });
  receive(recorder, 1);
  ASSERT_EQ(recorder.got.size(), 1U);
  EXPECT_EQ(recorder.got[0].first, Path(sockets[2], 4)) << "sent by one, received by the other";
  port.stop();
}

TEST_F(UdpPortTest, CarriesBatchesOfMixedSizesToTwoReceivers) {
  const auto sender = open({loopback_}, pool_);
  const auto a = open({loopback_}, pool_);
  const auto b = open({loopback_}, pool_);
  Recorder at_a, at_b;
  a->start(at_a);
  b->start(at_b);
  Outbox outbox(*sender);
  std::vector<std::string> expected;
  for (int i = 0; i < 200; ++i) {
    const std::string text(i % 10 == 9 ? 50U : 1200U, static_cast<char>('a' + i % 26));
    expected.push_back(text);
    outbox.send(as_bytes(text), a->local_addresses()[0]);
    outbox.send(as_bytes(text), b->local_addresses()[0]);
  }
  outbox.flush();
  receive(at_a, 200);
  receive(at_b, 200);
  for (const Recorder* recorder : {&at_a, &at_b}) {
    ASSERT_EQ(recorder->got.size(), 200U);
    for (std::size_t i = 0; i < 200; ++i) {
      EXPECT_EQ(recorder->got[i].second, expected[i]) << i;
      EXPECT_TRUE(recorder->got[i].first == Path(sender->local_addresses()[0]));
    }
  }
  EXPECT_EQ(sender->counters().sent.value(), 400U);
  EXPECT_EQ(sender->counters().trains.value(), 40U);  // each ends with its short datagram
  EXPECT_EQ(sender->counters().send_failed.value(), 0U);
  EXPECT_EQ(a->counters().received.value(), 200U);
}

TEST_F(UdpPortTest, SaysByWhichAddressADatagramCameAndAnswersByIt) {
  const auto server = open({loopback_, second_}, pool_);
  const auto client = open({loopback_}, pool_);
  EXPECT_EQ(server->local_addresses()[1].port(), server->port());
  Recorder at_server, at_client;
  server->start(at_server);
  client->start(at_client);
  for (const SocketAddress& address : server->local_addresses())
    client->send({{{Path(address), as_bytes("hello")}}});
  receive(at_server, 2);
  ASSERT_EQ(at_server.got.size(), 2U);
  for (const auto& [from, text] : at_server.got) server->send({{{from, as_bytes("answer")}}});
  receive(at_client, 2);
  ASSERT_EQ(at_client.got.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_TRUE(at_client.got[i].first.remote == server->local_addresses()[at_server.got[i].first.socket]);
}

TEST_F(UdpPortTest, DropsWhatHasNoBufferAndWhatIsTooLongAndGoesOn) {
  PacketPool small(1);
  const auto sender = open({loopback_}, pool_);
  const auto port = open({loopback_}, small);
  Recorder recorder;
  port->start(recorder);
  const Path to(port->local_addresses()[0]);
  const std::string giant(3000, 'x');
  Packet taken = small.acquire();
  sender->send({{{to, as_bytes("lost")}}});
  const auto deadline = std::chrono::steady_clock::now() + 1s;
  while (port->counters().no_buffer.value() == 0 && std::chrono::steady_clock::now() < deadline)
    reactor_.poll();
  EXPECT_EQ(port->counters().no_buffer.value(), 1U);
  taken = {};
  sender->send({{{to, as_bytes(giant)}}});
  sender->send({{{to, as_bytes("kept")}}});
  receive(recorder, 1);
  ASSERT_EQ(recorder.got.size(), 1U);
  EXPECT_EQ(recorder.got[0].second, "kept");
  EXPECT_EQ(port->counters().truncated.value(), 1U);
}

TEST_F(UdpPortTest, SaysWhenTheKernelHadADatagramHoweverLateItIsRead) {
  struct Times final : UdpPort::Receiver {
    std::vector<TimePoint> came;
    void on_datagrams(std::span<Arrival> batch, TimePoint) override {
      for (const Arrival& one : batch) came.push_back(one.came);
    }
  } times;
  const auto sender = open({loopback_}, pool_);
  auto port = UdpPort::open(reactor_, pool_, {.addresses = {loopback_}, .kernel_times = true});
  ASSERT_TRUE(port);
  const TimePoint before = std::chrono::steady_clock::now();
  sender->send({{{Path((*port)->local_addresses()[0]), as_bytes("early")}}});
  const TimePoint after = std::chrono::steady_clock::now();
  support::pause(20ms);
  (*port)->start(times);
  while (times.came.empty() && std::chrono::steady_clock::now() < after + 1s) reactor_.poll();
  ASSERT_EQ(times.came.size(), 1U);
  // The two clocks are read one after the other.
  EXPECT_GT(times.came[0], before - 5ms);
  EXPECT_LT(times.came[0], after + 5ms);
}

TEST_F(UdpPortTest, ARefusedDatagramDoesNotStopTheBatch) {
  const auto sender = open({loopback_}, pool_);
  const auto port = open({loopback_}, pool_);
  Recorder recorder;
  port->start(recorder);
  const Path nowhere(*SocketAddress::parse("2001:db8::1", 9));  // not by an IPv4 socket
  const Path to(port->local_addresses()[0]);
  sender->send({
      {{nowhere, as_bytes("a")}, {to, as_bytes("b")}, {nowhere, as_bytes("c")}, {to, as_bytes("d")}}
  });
  receive(recorder, 2);
  EXPECT_EQ(recorder.got.size(), 2U);
  EXPECT_EQ(sender->counters().send_failed.value(), 2U);
}

TEST_F(UdpPortTest, ATakenPortIsAnErrorThatSaysWhat) {
  const auto first = open({loopback_}, pool_);
  const auto second = UdpPort::open(reactor_, pool_, {.port = first->port(), .addresses = {loopback_}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, std::errc::address_in_use);
}

TEST(LocalAddresses, LoopbackOnlyOnRequest) {
  for (const SocketAddress& address : usable_local_addresses(IncludeLoopback::no)) {
    EXPECT_FALSE(address.is_loopback());
    EXPECT_FALSE(address.is_link_local());
  }
  const auto all = usable_local_addresses(IncludeLoopback::yes);
  EXPECT_TRUE(std::ranges::any_of(all, &SocketAddress::is_loopback));
}

}  // namespace
}  // namespace cloister::net
