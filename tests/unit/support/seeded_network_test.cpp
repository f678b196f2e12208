#include "support/seeded_network.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "support/seeded_random.h"

namespace cloister::support {
namespace {

// Sends numbered datagrams over one line and notes what comes out.
class Line : net::UdpPort::Receiver {
public:
  Line(std::uint64_t seed, const Link& down) : network_(seed, clock_) {
    from_ = &network_.add("from", pool_, *this, {.delay = 0ms});
    to_ = &network_.add("to", pool_, *this, {.delay = 0ms});
    to_->down = down;
  }

  void send(std::uint8_t number, std::size_t size = 100) {
    std::vector<std::byte> bytes(size, std::byte{number});
    const net::Datagram datagram{to_->address(), bytes};
    from_->send({&datagram, 1});
  }
  void run_for(Duration duration) {
    const TimePoint end = clock_.now() + duration;
    while (network_.next_arrival() && *network_.next_arrival() <= end) {
      clock_.time = *network_.next_arrival();
      network_.deliver();
    }
    clock_.time = end;
  }
  // 200 datagrams, a millisecond apart.
  void send_many() {
    for (int i = 0; i < 200; ++i) {
      send(static_cast<std::uint8_t>(i));
      run_for(1ms);
    }
    run_for(1s);
  }

  std::vector<int> arrived;
  std::vector<Duration> times;
  SeededNetwork& network() { return network_; }
  SeededNetwork::Host& from() { return *from_; }
  SeededNetwork::Host& to() { return *to_; }

private:
  void on_datagrams(std::span<net::Arrival> batch, TimePoint now) override {
    for (const net::Arrival& arrival : batch) {
      EXPECT_EQ(arrival.from.remote, from_->address());
      arrived.push_back(std::to_integer<int>(arrival.packet.bytes()[0]));
      times.push_back(now - start_);
    }
  }

  FakeClock clock_;
  const TimePoint start_ = clock_.now();
  net::PacketPool pool_;
  SeededNetwork network_;
  SeededNetwork::Host* from_ = nullptr;
  SeededNetwork::Host* to_ = nullptr;
};

TEST(SeededNetwork, DelaysAndKeepsTheOrder) {
  Line line(1, {.delay = 25ms, .jitter = 10ms});
  line.send_many();
  ASSERT_EQ(line.arrived.size(), 200U);
  EXPECT_TRUE(std::ranges::is_sorted(line.arrived));
  EXPECT_GE(line.times.front(), 25ms);
  EXPECT_LE(line.times.front(), 35ms);
}

TEST(SeededNetwork, LosesAboutWhatItShould) {
  Line line(2, {.loss = 0.25});
  for (int i = 0; i < 5; ++i) line.send_many();
  EXPECT_NEAR(static_cast<double>(line.arrived.size()), 750, 60);
}

TEST(SeededNetwork, LetsSomeBeOvertaken) {
  Line line(3, {.reordering = 0.1, .overtaken_by = 20ms});
  line.send_many();
  EXPECT_EQ(line.arrived.size(), 200U);
  EXPECT_FALSE(std::ranges::is_sorted(line.arrived));
}

TEST(SeededNetwork, DeliversSomeTwice) {
  Line line(4, {});
  line.from().up.duplication = 0.1;
  line.send_many();
  EXPECT_NEAR(static_cast<double>(line.arrived.size()), 220, 12);
}

TEST(SeededNetwork, AThrottledLineQueuesThenDrops) {
  Line line(5, {.delay = 0ms, .bits_per_second = 80'000, .queue = 50ms});  // 100 bytes take 10 ms
  for (std::uint8_t i = 0; i < 20; ++i) line.send(i);
  line.run_for(1s);
  EXPECT_EQ(line.arrived, (std::vector{0, 1, 2, 3, 4}));
  EXPECT_EQ(line.times, (std::vector<Duration>{10ms, 20ms, 30ms, 40ms, 50ms}));
}

TEST(SeededNetwork, TheSameSeedTellsTheSameStory) {
  const Link rough{.delay = 10ms, .jitter = 10ms, .loss = 0.2, .reordering = 0.2};
  Line first(6, rough);
  Line again(6, rough);
  Line other(7, rough);
  for (Line* line : {&first, &again, &other}) line->send_many();
  EXPECT_EQ(first.arrived, again.arrived);
  EXPECT_EQ(first.times, again.times);
  EXPECT_NE(first.arrived, other.arrived);
}

TEST(SeededNetwork, WhatGoesToNobodyIsGone) {
  Line line(8, {});
  line.send(1);
  line.network().remove(line.to());
  line.run_for(1s);
  EXPECT_TRUE(line.arrived.empty());
}

TEST(SeededNetwork, DrawsWhatHappenedWithoutAddresses) {
  Line line(9, {.loss = 1});
  line.send(0x80);
  const std::string diagram = line.network().flow_diagram();
  EXPECT_NE(diagram.find("from ──▶ to"), std::string::npos);
  EXPECT_NE(diagram.find("RTP 100 B lost"), std::string::npos);
  EXPECT_EQ(diagram.find("198.18"), std::string::npos);
}

TEST(SeededRandom, RepeatsItselfAndEnds) {
  const auto three_tokens = [] { return random_token(8) + random_token(8) + random_token(8); };
  std::string first;
  std::string again;
  {
    const SeededRandom seeded(1);
    first = three_tokens();
  }
  {
    const SeededRandom seeded(1);
    again = three_tokens();
  }
  EXPECT_EQ(first, again);
  EXPECT_NE(first, three_tokens());
}

}  // namespace
}  // namespace cloister::support
