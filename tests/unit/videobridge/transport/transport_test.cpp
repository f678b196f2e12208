// The stories of a secure path, from the first check to its end.
#include "videobridge/transport/transport.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/allocations.h"
#include "support/stepped_time_of_day.h"
#include "unit/videobridge/transport/two_peers.h"

namespace cloister::videobridge::transport {
namespace {

class TransportTest : public testing::Test, protected TwoPeers {};

// Checklist: 63
TEST_F(TransportTest, TwoSidesMeetWithoutTheBridgeKnowingACandidate) {
  introduce();
  ASSERT_TRUE(run_until(1s, [&] { return both_secure(); }));
  EXPECT_EQ(bridge_.log.front(), "secure");
  EXPECT_EQ(client_.log.front(), "secure");
  EXPECT_TRUE(bridge_.transport().selected_path() == net::Path(client_.at()));
  EXPECT_TRUE(client_.transport().selected_path() == net::Path(bridge_.at()));
  EXPECT_EQ(bridge_.transport().rtt(), 10ms);

  EXPECT_TRUE(bridge_.send_rtp(1, "to the client"));
  EXPECT_TRUE(client_.send_rtp(1, "to the bridge"));
  bridge_.send_rtcp();
  run_for(10ms);
  EXPECT_EQ(client_.media, std::vector<std::string>{"to the client"});
  EXPECT_EQ(bridge_.media, std::vector<std::string>{"to the bridge"});
  EXPECT_EQ(std::ranges::count(client_.log, "rtcp"), 1);
  EXPECT_LE(network_.largest(), 1300U);
}

// Checklist: 68
TEST_F(TransportTest, AClientWhoseNatUsesAnotherPortForUsConnects) {
  // What a STUN server saw is not what we see: nothing that goes there comes in.
  Candidate seen = host_candidate(address("203.0.113.40", 5000));
  seen.type = CandidateType::server_reflexive;
  Candidate inside = host_candidate(address("192.168.1.7", 5000));
  client_.transport().set_remote(as_remote(bridge_.transport().local(), true), network_.now());
  RemoteDescription client = as_remote(client_.transport().local(), false);
  client.candidates = {inside, seen};
  bridge_.transport().set_remote(client, network_.now());
  bridge_.outbox().flush();
  client_.outbox().flush();
  ASSERT_TRUE(run_until(1s, [&] { return both_secure(); }));
  EXPECT_TRUE(bridge_.transport().selected_path() == net::Path(client_.at()));
}

TEST_F(TransportTest, ConnectingOverAFastPathTakesFewRoundTrips) {
  network_.set_link({.delay = 1ms});
  introduce();
  EXPECT_TRUE(run_until(30ms, [&] { return both_secure(); }));
}

TEST_F(TransportTest, NothingIsSentBeforeThePathIsSecure) {
  EXPECT_FALSE(bridge_.send_rtp(1, "too early"));
  bridge_.transport().commit_rtp(20);
  EXPECT_FALSE(bridge_.send_message("too early"));
  EXPECT_EQ(network_.sent(), 0U);
}

// Checklist: 57, 64, 86
TEST_F(TransportTest, ChecksAndClientHelloThatComeBeforeThePeersDescriptionAreNotLost) {
  client_.transport().set_remote(as_remote(bridge_.transport().local(), true), network_.now());
  client_.outbox().flush();
  run_for(200ms);
  EXPECT_TRUE(client_.transport().selected_path());  // our answers make its path work
  EXPECT_FALSE(bridge_.transport().is_secure());

  // Credentials and fingerprint come apart.
  const LocalDescription& client = client_.transport().local();
  bridge_.transport().set_remote({.ufrag = client.ufrag, .pwd = client.pwd}, network_.now());
  bridge_.outbox().flush();
  run_for(200ms);
  EXPECT_FALSE(bridge_.transport().is_secure());
  EXPECT_FALSE(client_.transport().is_secure());
  bridge_.transport().set_remote({.fingerprints = {client.fingerprint}, .setup = client.setup},
                                 network_.now());
  bridge_.outbox().flush();
  EXPECT_TRUE(run_until(100ms, [&] { return both_secure(); }));
}

// Checklist: 84
TEST_F(TransportTest, AWrongFingerprintIsRefused) {
  client_.transport().set_remote(as_remote(bridge_.transport().local(), true), network_.now());
  RemoteDescription remote = as_remote(client_.transport().local(), false);
  char& digit = remote.fingerprints[0].value[4];
  digit = digit == '0' ? '1' : '0';
  bridge_.transport().set_remote(remote, network_.now());
  bridge_.outbox().flush();
  client_.outbox().flush();
  run_for(5s);
  EXPECT_FALSE(bridge_.transport().is_secure());
  EXPECT_FALSE(client_.transport().is_secure());
  EXPECT_EQ(bridge_.failures, std::vector{TransportFailure::dtls_failed});
  EXPECT_TRUE(bridge_.log.empty());
}

// Checklist: 83
TEST_F(TransportTest, TheBridgeMayBeTheDtlsClient) {
  Side passive(network_, address("203.0.113.5", 1), {.controlling = false, .setup = Setup::passive},
               certificate());
  passive.transport().set_remote(as_remote(bridge_.transport().local(), true), network_.now());
  passive.outbox().flush();
  bridge_.transport().set_remote(as_remote(passive.transport().local(), false), network_.now());
  for (int i = 0; i < 100; ++i) {
    network_.advance_to(network_.now() + 5ms);
    bridge_.on_time();
    passive.on_time();
  }
  EXPECT_TRUE(bridge_.transport().is_secure());
  EXPECT_TRUE(passive.transport().is_secure());
}

// Checklist: 91
TEST_F(TransportTest, MediaBeforeTheKeysIsHandledAfterwards) {
  introduce();
  ASSERT_TRUE(
      run_until(1s, [&] { return client_.transport().is_secure() || bridge_.transport().is_secure(); }));
  // The server is ready first; what it sends now overtakes its own last flight.
  ASSERT_TRUE(bridge_.transport().is_secure());
  ASSERT_FALSE(client_.transport().is_secure());
  network_.set_link({.delay = 0ms});
  EXPECT_TRUE(bridge_.send_rtp(1, "early"));
  network_.advance_to(network_.now());
  EXPECT_TRUE(client_.media.empty());
  ASSERT_TRUE(run_until(1s, [&] { return client_.transport().is_secure(); }));
  EXPECT_EQ(client_.media, std::vector<std::string>{"early"});
}

// Checklist: 91
TEST_F(TransportTest, WhatIsKeptBeforeTheKeysIsBounded) {
  introduce();
  ASSERT_TRUE(run_until(1s, [&] { return client_.transport().selected_path().has_value(); }));
  std::vector<std::byte> packet(200, std::byte{0x80});
  for (int i = 0; i < 1000; ++i) network_.send(client_.at(), bridge_.at(), packet);
  network_.advance_to(network_.now() + 5ms);
  ASSERT_FALSE(bridge_.transport().is_secure());
  EXPECT_GT(bridge_.drops().value(Drop::early_media_full), 900U);
  EXPECT_TRUE(run_until(1s, [&] { return both_secure(); }));
}

// What fits into an Ethernet frame passes, whoever made it so long; a path that takes less is its sender's
// care.
TEST_F(TransportTest, DatagramsUpToThePathsMtuPassBothWays) {
  introduce();
  ASSERT_TRUE(run_until(1s, [&] { return both_secure(); }));
  constexpr std::size_t kOverhead = 12 + 16;  // RTP header, GCM tag
  for (const std::size_t mtu : {1280U - 48, 1500U - 48, 1500U - 28}) {
    const std::string text(mtu - kOverhead, 'm');
    EXPECT_TRUE(client_.send_rtp(static_cast<std::uint16_t>(mtu), text));
    EXPECT_TRUE(bridge_.send_rtp(static_cast<std::uint16_t>(mtu), text));
    run_for(10ms);
    ASSERT_FALSE(bridge_.media.empty());
    EXPECT_TRUE(bridge_.media.back() == text);
    ASSERT_FALSE(client_.media.empty());
    EXPECT_TRUE(client_.media.back() == text);
  }
  EXPECT_EQ(network_.largest(), 1472U);
}

TEST_F(TransportTest, TheBridgeFollowsAClientWhoseAddressChanges) {
  introduce();
  ASSERT_TRUE(run_until(1s, [&] { return both_open(); }));
  client_.move_to(address("198.51.100.99", 50001));
  ASSERT_TRUE(run_until(20s, [&] { return bridge_.transport().selected_path() == net::Path(client_.at()); }));
  EXPECT_TRUE(bridge_.send_rtp(5, "found you"));
  EXPECT_TRUE(bridge_.send_message("here too"));
  run_for(50ms);
  EXPECT_EQ(client_.media, std::vector<std::string>{"found you"});
  EXPECT_EQ(client_.messages, std::vector<std::string>{"here too"});
}

TEST_F(TransportTest, WithoutConsentNothingIsSentUntilThePeerComesBack) {
  introduce();
  ASSERT_TRUE(run_until(1s, [&] { return both_secure(); }));
  network_.set_link({.loss = 1});
  run_for(45s);
  EXPECT_EQ(bridge_.failures, std::vector{TransportFailure::consent_expired});
  EXPECT_FALSE(bridge_.transport().is_secure());
  EXPECT_FALSE(bridge_.send_rtp(9, "into the void"));
  const std::size_t sent = network_.sent();
  run_for(60s);
  EXPECT_EQ(network_.sent(), sent);
}

// Checklist: 74, 75
TEST_F(TransportTest, ConsentHoldsAsLongAsThePeerAnswers) {
  introduce();
  ASSERT_TRUE(run_until(1s, [&] { return both_secure(); }));
  const std::size_t before = network_.sent();
  run_for(120s);
  EXPECT_TRUE(both_secure());
  EXPECT_TRUE(bridge_.failures.empty());
  EXPECT_GE(bridge_.transport().last_activity(), network_.now() - 7s);
  // Two sides, a check and an answer about every five seconds: nothing else may tick.
  EXPECT_LT(network_.sent() - before, 140U);
}

TEST_F(TransportTest, APeerThatNeverAnswersIsReportedOnce) {
  bridge_.transport().set_remote({.ufrag = "somebody", .pwd = "nowhere-nowhere-nowhere"}, network_.now());
  run_for(100s);
  EXPECT_EQ(bridge_.failures, std::vector{TransportFailure::ice_timed_out});
}

TEST_F(TransportTest, GarbageChangesNothingButCounters) {
  introduce();
  ASSERT_TRUE(run_until(1s, [&] { return both_open(); }));
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::byte> junk(random() % 200);
    for (std::byte& b : junk) b = static_cast<std::byte>(random());
    if (!junk.empty() && i % 2 == 0)
      junk[0] = static_cast<std::byte>(std::array{0, 1, 20, 22, 23, 128, 144}[random() % 7]);
    bridge_.on_wire(junk, i % 4 == 0 ? address("203.0.113.1", 1) : client_.at());
  }
  EXPECT_TRUE(bridge_.transport().is_secure());
  EXPECT_TRUE(bridge_.failures.empty());
  EXPECT_GT(bridge_.drops().value(Drop::unknown_address), 0U);
  EXPECT_GT(bridge_.drops().value(Drop::srtp_unauthentic), 0U);
  EXPECT_GT(bridge_.drops().value(Drop::stun_malformed), 0U);
  client_.send_rtp(77, "still here");
  client_.send_message("{}");
  run_for(100ms);
  EXPECT_EQ(bridge_.media, std::vector<std::string>{"still here"});
  EXPECT_EQ(bridge_.messages, std::vector<std::string>{"{}"});
}

TEST_F(TransportTest, APacketCostsNoAllocation) {
  introduce();
  ASSERT_TRUE(run_until(1s, [&] { return both_secure(); }));
  for (std::uint16_t i = 0; i < 10; ++i) bridge_.send_rtp(i, "warm up", false);
  const std::size_t before = test::allocations;
  for (std::uint16_t i = 10; i < 400; ++i) bridge_.send_rtp(i, "no memory please", false);
  EXPECT_EQ(test::allocations, before);
}

TEST_F(TransportTest, WithoutADataChannelTheLastFlightIsStillRepeated) {
  Side bare(network_, address("203.0.113.9", 9), {.data_channel = false}, certificate());
  client_.transport().set_remote(as_remote(bare.transport().local(), true), network_.now());
  client_.outbox().flush();
  bare.transport().set_remote(as_remote(client_.transport().local(), false), network_.now());
  const auto step = [&] {
    network_.advance_to(network_.now() + 1ms);
    bare.on_time();
    client_.on_time();
  };
  for (int i = 0; i < 1000 && !bare.transport().is_secure(); ++i) step();
  ASSERT_TRUE(bare.transport().is_secure());
  ASSERT_FALSE(client_.transport().is_secure());
  // The flight that flies now is lost.
  client_.move_to(client_.at());
  const SocketAddress at = client_.at();
  network_.detach(at);
  for (int i = 0; i < 8; ++i) step();
  client_.move_to(at);
  for (int i = 0; i < 1000 && !client_.transport().is_secure(); ++i) step();
  EXPECT_TRUE(client_.transport().is_secure());
}

// A handshake and a channel on a bad path, with many seeds.
class LossyTransportTest : public testing::TestWithParam<std::uint64_t>, protected TwoPeers {
protected:
  LossyTransportTest() : TwoPeers(GetParam()) {}
};

// Checklist: 87, 176
TEST_P(LossyTransportTest, ConnectsAndTalksOverAPathThatLosesAFifth) {
  network_.set_link({.delay = 20ms, .jitter = 15ms, .loss = 0.2});
  introduce();
  ASSERT_TRUE(run_until(20s, [&] { return both_open(); })) << "seed " << GetParam();
  const std::string up(3000, 'u');
  const std::string down(3000, 'd');
  EXPECT_TRUE(client_.send_message(up));
  EXPECT_TRUE(bridge_.send_message(down));
  EXPECT_TRUE(run_until(20s, [&] { return !bridge_.messages.empty() && !client_.messages.empty(); }))
      << "seed " << GetParam();
  EXPECT_EQ(bridge_.messages, std::vector{up});
  EXPECT_EQ(client_.messages, std::vector{down});
}

INSTANTIATE_TEST_SUITE_P(Seeds, LossyTransportTest, testing::Range<std::uint64_t>(1, 31));

}  // namespace
}  // namespace cloister::videobridge::transport
