// A client changes its network in the middle of a call: with an ICE restart and without one. Media flows both
// ways all the time; what counts is the longest silence.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "unit/videobridge/transport/two_peers.h"
#include "wire/stun.h"

namespace cloister::videobridge::transport {
namespace {

class MovesTest : public testing::Test, protected TwoPeers {
protected:
  void connect() {
    introduce();
    ASSERT_TRUE(run_until(1s, [&] { return both_open(); }));
    run_for(500ms);
  }

  // Audio in both directions, a packet every 20 ms.
  void talk_for(Duration time) {
    for (const TimePoint end = network_.now() + time; network_.now() < end;) {
      bridge_.send_rtp(++sequence_, "down");
      client_.send_rtp(sequence_, "up");
      run_for(20ms);
      note(client_.media.size(), down_);
      note(bridge_.media.size(), up_);
    }
  }
  struct Direction {
    std::size_t seen = 0;
    std::optional<TimePoint> last{};
    Duration gap{};
  };
  void note(std::size_t received, Direction& direction) const {
    const TimePoint now = network_.now();
    if (direction.last) direction.gap = std::max(direction.gap, now - *direction.last);
    if (received != direction.seen) direction.last = now;
    direction.seen = received;
  }
  void forget_gaps() { up_.gap = down_.gap = {}; }

  // Both sides' halves of a restart, as signalling brings them.
  void restart_ice() {
    Transport& bridge = bridge_.transport();
    Transport& client = client_.transport();
    const auto offer = bridge_.restart_ice();
    const auto answer = client_.restart_ice();
    ASSERT_TRUE(offer && answer && offer->ice_generation);
    client.set_remote(tagged(*offer, true), network_.now());
    bridge.set_remote(tagged(*answer, false), network_.now());
    client_.outbox().flush();
    bridge_.outbox().flush();
  }
  static RemoteDescription tagged(const LocalDescription& local, bool with_candidates) {
    RemoteDescription out = as_remote(local, with_candidates);
    out.ice_generation = local.ice_generation;
    return out;
  }
  // The client's network was replaced: it checks from its new address at once, as a browser does.
  void client_moves_and_checks(const SocketAddress& to) {
    client_.move_to(to);
    send_check(client_, bridge_, to);
  }
  void send_check(const Side& asker, const Side& asked, const SocketAddress& from,
                  bool knows_password = true) {
    std::array<std::byte, 300> space;
    wire::TransactionId id{};
    id[3] = static_cast<std::byte>(++checks_);
    const LocalDescription& to = asked.transport().local();
    const std::size_t length = wire::StunWriter(space, wire::StunClass::request, id)
                                   .username(to.ufrag, asker.transport().local().ufrag)
                                   .priority(1)
                                   .controlled(1)
                                   .finish(wire::HmacSha1(as_bytes(knows_password ? to.pwd : "guessed")));
    network_.send(from, asked.at(), std::span(space).first(length));
  }

  std::uint16_t sequence_ = 0;
  int checks_ = 0;
  Direction up_, down_;
};

// Checklist: 76
TEST_F(MovesTest, AnIceRestartDoesNotInterruptMedia) {
  connect();
  talk_for(500ms);
  const std::string before = bridge_.transport().local().ufrag;
  restart_ice();
  EXPECT_EQ(bridge_.transport().local().ufrag, before) << "the old agent goes on";
  talk_for(2s);
  EXPECT_NE(bridge_.transport().local().ufrag, before);
  EXPECT_EQ(bridge_.transport().local().ice_generation, 1U);
  EXPECT_LE(up_.gap, 20ms);
  EXPECT_LE(down_.gap, 20ms);
  EXPECT_TRUE(bridge_.transport().is_channel_open()) << "DTLS and SCTP go on as well";
  EXPECT_TRUE(client_.send_message("still here"));
  talk_for(60s);
  EXPECT_EQ(bridge_.messages, std::vector<std::string>{"still here"});
  EXPECT_LE(down_.gap, 20ms) << "and consent holds with the new credentials";
  EXPECT_EQ(client_.log, (std::vector<std::string>{"secure", "open"}));
}

// Checklist: 76
TEST_F(MovesTest, AnIceRestartFromANewNetworkIsOverInLessThanASecond) {
  connect();
  talk_for(500ms);
  client_.move_to(address("203.0.113.77", 41000));
  talk_for(200ms);  // until the restart has gone through signalling
  restart_ice();
  talk_for(3s);
  EXPECT_LT(up_.gap, 500ms);
  EXPECT_LT(down_.gap, 500ms);
  EXPECT_TRUE(bridge_.transport().selected_path() == net::Path(client_.at()));
}

TEST_F(MovesTest, OneRestartAfterAnother) {
  connect();
  for (std::uint32_t generation = 1; generation <= 4; ++generation) {
    restart_ice();
    talk_for(500ms);
    EXPECT_EQ(bridge_.transport().local().ice_generation, generation);
  }
  EXPECT_LE(down_.gap, 20ms);
  EXPECT_LE(bridge_.transport().identities().size(), 3U);
  talk_for(4s);
  EXPECT_EQ(bridge_.transport().identities().size(), 1U) << "predecessors are gone";
}

// Checklist: 78
TEST_F(MovesTest, ARestartThatComesToNothingKeepsTheOldPath) {
  connect();
  const std::string before = bridge_.transport().local().ufrag;
  const auto offer = bridge_.restart_ice();
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->ice_generation, 1U);
  EXPECT_NE(offer->ufrag, before);
  EXPECT_NE(offer->pwd, bridge_.transport().local().pwd);
  talk_for(10s);
  EXPECT_EQ(bridge_.restart_ice()->ufrag, offer->ufrag) << "pending: the same once more";
  talk_for(11s);
  EXPECT_EQ(bridge_.transport().identities().size(), 1U);
  EXPECT_EQ(bridge_.transport().local().ufrag, before);
  EXPECT_LE(down_.gap, 20ms);

  // The answer comes too late: nobody is meant by it.
  RemoteDescription late{.ufrag = "late", .pwd = "late-late-late-late-late-late"};
  late.ice_generation = 1;
  bridge_.transport().set_remote(late, network_.now());
  talk_for(1s);
  EXPECT_LE(down_.gap, 20ms);
  EXPECT_EQ(bridge_.restart_ice()->ice_generation, 2U) << "generations rise";
}

// Checklist: 77
TEST_F(MovesTest, ThereIsNothingToRestartBeforeThereIsAPathNorAfterTheEnd) {
  const auto early = bridge_.transport().restart_ice(network_.now());
  ASSERT_TRUE(early);
  EXPECT_EQ(early->ufrag, bridge_.transport().local().ufrag);
  EXPECT_FALSE(early->ice_generation);
  bridge_.transport().set_remote({.ufrag = "somebody", .pwd = "nowhere-nowhere-nowhere"}, network_.now());
  run_for(31s);
  ASSERT_EQ(bridge_.failures, std::vector{TransportFailure::ice_timed_out});
  EXPECT_FALSE(bridge_.transport().restart_ice(network_.now()));
}

TEST_F(MovesTest, OtherCredentialsWithoutAGenerationChangeNothing) {
  connect();
  bridge_.transport().set_remote({.ufrag = "other",
                                  .pwd = "other-other-other-other-other",
                                  .candidates = {host_candidate(address("203.0.113.66", 6))}},
                                 network_.now());
  bool reached = false;
  network_.attach(address("203.0.113.66", 6), [&](Bytes, const SocketAddress&) { reached = true; });
  talk_for(40s);
  EXPECT_LE(down_.gap, 20ms);
  EXPECT_FALSE(reached);
}

// Checklist: 81
TEST_F(MovesTest, WithoutARestartTheNewAddressIsTakenInLessThanASecond) {
  connect();
  talk_for(500ms);
  client_moves_and_checks(address("198.51.100.99", 50001));
  talk_for(3s);
  EXPECT_LT(up_.gap, 200ms);
  EXPECT_LT(down_.gap, 300ms);
  EXPECT_TRUE(bridge_.transport().selected_path() == net::Path(client_.at()));
}

// Checklist: 81
TEST_F(MovesTest, AClientWithoutMediaIsFollowedByAProbe) {
  connect();
  run_for(2s);
  client_moves_and_checks(address("198.51.100.99", 50001));
  EXPECT_TRUE(run_until(1s, [&] { return bridge_.transport().selected_path() == net::Path(client_.at()); }));
}

// A second address that works as well is no reason to leave the first.
TEST_F(MovesTest, AnotherWorkingAddressIsNoReasonToMove) {
  connect();
  const SocketAddress second = address("198.51.100.200", 2);
  network_.attach(second, [&](Bytes datagram, const SocketAddress&) {
    const auto message = wire::parse_stun(datagram);
    if (!message || message->kind != wire::StunClass::request) return;
    std::array<std::byte, 200> space;
    const std::size_t length = wire::StunWriter(space, wire::StunClass::success, message->id)
                                   .mapped_address(bridge_.at())
                                   .finish(wire::HmacSha1(as_bytes(client_.transport().local().pwd)));
    network_.send(second, bridge_.at(), std::span(space).first(length));
  });
  for (int i = 0; i < 20; ++i) {
    send_check(client_, bridge_, second);
    run_for(1s);
    EXPECT_TRUE(bridge_.transport().selected_path() == net::Path(client_.at()));
  }
}

// Checklist: 73, 92
TEST_F(MovesTest, ReplayedMediaFromElsewhereMovesNothing) {
  connect();
  const SocketAddress attacker = address("203.0.113.66", 6);
  bool reached = false;
  network_.attach(attacker, [&](Bytes, const SocketAddress&) { reached = true; });
  std::vector<std::vector<std::byte>> captured;
  network_.tap([&](const SocketAddress& from, Bytes datagram) {
    if (from == client_.at()) captured.emplace_back(datagram.begin(), datagram.end());
  });
  talk_for(500ms);
  network_.tap({});
  ASSERT_GT(captured.size(), 20U);
  const std::size_t received = bridge_.media.size();
  network_.detach(client_.at());  // so that nothing newer comes by the old path
  for (const auto& datagram : captured) network_.send(attacker, bridge_.at(), datagram);
  send_check(client_, bridge_, attacker, false);
  run_for(5s);
  EXPECT_TRUE(bridge_.transport().selected_path() == net::Path(client_.at()));
  EXPECT_EQ(bridge_.media.size(), received);
  EXPECT_FALSE(reached);
}

// Checklist: 81
TEST_F(MovesTest, ALostPathRevivesWhenThePeerComesBackElsewhere) {
  connect();
  const SocketAddress home = client_.at();
  client_.move_to(address("203.0.113.1", 1));
  network_.detach(client_.at());  // in a tunnel
  run_for(40s);
  EXPECT_FALSE(bridge_.transport().is_secure());
  EXPECT_FALSE(bridge_.send_rtp(1, "nothing is sent without consent"));
  client_moves_and_checks(home);
  EXPECT_TRUE(run_until(1s, [&] { return bridge_.transport().is_secure(); }));
}

}  // namespace
}  // namespace cloister::videobridge::transport
