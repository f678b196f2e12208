#include "videobridge/transport/ice/ice_agent.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "support/hex.h"
#include "unit/videobridge/transport/two_peers.h"
#include "wire/stun.h"

namespace cloister::videobridge::transport {
namespace {

const SocketAddress kHere = address("192.0.2.1", 10000);
const SocketAddress kThere = address("198.51.100.7", 40000);

LocalDescription description(const char* ufrag, const char* pwd, const SocketAddress& at) {
  LocalDescription out;
  out.ufrag = ufrag;
  out.pwd = pwd;
  out.candidates = {host_candidate(at)};
  return out;
}

// An agent and what it sent.
struct Host final : net::DatagramSender {
  Host(bool controlling, const char* ufrag, const char* pwd, const SocketAddress& at)
      : local(description(ufrag, pwd, at)), agent(controlling, local, outbox, drops) {}
  void send(std::span<const net::Datagram> batch) override {
    for (const auto& one : batch)
      sent.push_back({
          one.to, {one.bytes.begin(), one.bytes.end()}
      });
  }
  struct Sent {
    net::Path to;
    std::vector<std::byte> bytes;
  };

  Drops drops;
  std::deque<Sent> sent;
  net::Outbox outbox{*this};
  LocalDescription local;
  IceAgent agent;
};

class IceTest : public testing::Test {
protected:
  // What a peer with `ufrag`/`pwd` of ours would ask; `tweak` adds to the request.
  template <class Tweak>
  std::vector<std::byte> request(Tweak tweak, const char* username = "ours",
                                 const char* password = "our-password") {
    std::array<std::byte, 300> space;
    wire::TransactionId id{};
    id[11] = static_cast<std::byte>(++asked_);
    wire::StunWriter writer(space, wire::StunClass::request, id);
    writer.username(username, "theirs");
    tweak(writer);
    const std::size_t length = writer.finish(wire::HmacSha1(as_bytes(password)));
    return {space.begin(), space.begin() + static_cast<std::ptrdiff_t>(length)};
  }
  static void plain(wire::StunWriter& writer) { writer.priority(1).controlled(1); }

  IceAgent::Proof ask(const std::vector<std::byte>& datagram) {
    const auto proof = ours_.agent.on_stun(datagram, kThere, now_);
    ours_.outbox.flush();
    return proof;
  }
  // With an attribute 0x7777, which nobody knows.
  static std::vector<std::byte> strange(const char* password, wire::StunClass kind,
                                        const wire::TransactionId& id) {
    std::array<std::byte, 300> space;
    wire::StunWriter writer(space, kind, id);
    if (kind == wire::StunClass::request)
      plain(writer.username("ours", "theirs"));
    else
      writer.mapped_address(kHere);
    // SOFTWARE is made into it: same form, another number.
    const std::size_t whole = writer.software("abc").finish(wire::HmacSha1(as_bytes(password)));
    std::vector<std::byte> out(space.begin(), space.begin() + static_cast<std::ptrdiff_t>(whole - 24 - 8));
    const auto software = test::hex("8022 0003");
    const auto at = std::search(out.begin(), out.end(), software.begin(), software.end());
    std::fill_n(at, 2, std::byte{0x77});
    ByteWriter(std::span(out).subspan(2)).u16(static_cast<std::uint16_t>(out.size() - 20 + 24));
    const auto digest = wire::HmacSha1(as_bytes(password)).sign(out);
    const auto type = test::hex("0008 0014");
    out.insert(out.end(), type.begin(), type.end());
    out.insert(out.end(), digest.begin(), digest.end());
    return out;
  }
  static std::vector<std::byte> strange_request(const char* password) {
    return strange(password, wire::StunClass::request, {});
  }
  // The error code of the last thing sent, 0 for success, -1 when nothing was sent.
  int answer() {
    ours_.outbox.flush();
    if (ours_.sent.empty()) return -1;
    const auto message = wire::parse_stun(ours_.sent.back().bytes);
    return message && message->kind != wire::StunClass::request ? message->error_code : -1;
  }

  TimePoint now_{std::chrono::hours(1)};
  int asked_ = 0;
  Host ours_{true, "ours", "our-password", kHere};
};

// Checklist: 67
TEST_F(IceTest, AnswersACheckWithTheAddressItSaw) {
  EXPECT_EQ(ask(request(plain)), IceAgent::Proof::request);
  ASSERT_EQ(ours_.sent.size(), 1U);
  const auto message = wire::parse_stun(ours_.sent[0].bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->kind, wire::StunClass::success);
  EXPECT_TRUE(message->mapped_address == kThere);
  EXPECT_TRUE(message->has_fingerprint);
  EXPECT_TRUE(has_integrity(*message, wire::HmacSha1(as_bytes("our-password"))));
  EXPECT_TRUE(ours_.sent[0].to == net::Path(kThere));
}

// Checklist: 65
TEST_F(IceTest, IsSilentTowardsWhoDoesNotKnowThePassword) {
  EXPECT_EQ(ask(request(plain, "ours", "guessed")), IceAgent::Proof::none);
  EXPECT_EQ(ask(request(plain, "other")), IceAgent::Proof::none);
  ours_.agent.set_remote_credentials("somebody-else", "their-password", now_);
  EXPECT_EQ(ask(request(plain)), IceAgent::Proof::none);  // …:theirs is not …:somebody-else
  EXPECT_TRUE(ours_.sent.empty());
  EXPECT_EQ(ours_.drops.value(Drop::stun_unauthorized), 3U);
}

TEST_F(IceTest, RefusesACheckWithoutAPriority) {
  ask(request([](auto& writer) { writer.controlled(1); }));
  EXPECT_EQ(answer(), wire::kStunBadRequest);
  ask(request(plain));
  EXPECT_EQ(answer(), 0);
}

// RFC 8489 §6.3.1: refused with the attribute's number, once the sender has proven who it is.
TEST_F(IceTest, WhatMustBeUnderstoodAndIsNotIsRefused) {
  ask(strange_request("our-password"));
  ASSERT_EQ(answer(), wire::kStunUnknownAttribute);
  const auto& refusal = ours_.sent.back().bytes;
  const auto named = test::hex("000a 0002 7777");
  EXPECT_NE(std::search(refusal.begin(), refusal.end(), named.begin(), named.end()), refusal.end());
  EXPECT_TRUE(has_integrity(*wire::parse_stun(refusal), wire::HmacSha1(as_bytes("our-password"))));
  EXPECT_FALSE(ours_.agent.next_wakeup()) << "no check back";

  ours_.sent.clear();
  EXPECT_EQ(ask(strange_request("guessed")), IceAgent::Proof::none);
  EXPECT_EQ(answer(), -1);
}

// RFC 8489 §6.3.3
TEST_F(IceTest, AnAnswerThatMustBeUnderstoodAndIsNotIsAFailure) {
  ours_.agent.set_remote_credentials("theirs", "their-password", now_);
  const Candidate there = host_candidate(kThere);
  ours_.agent.add_remote_candidates({&there, 1}, now_);
  ours_.outbox.flush();
  ASSERT_EQ(ours_.sent.size(), 1U);
  ask(strange("their-password", wire::StunClass::success, wire::parse_stun(ours_.sent[0].bytes)->id));
  EXPECT_FALSE(ours_.agent.selected());
}

// Checklist: 66
TEST_F(IceTest, ARoleConflictIsSettledByTheTieBreaker) {
  ask(request([](auto& writer) { writer.priority(1).controlling(0); }));
  EXPECT_EQ(answer(), wire::kStunRoleConflict);
  EXPECT_TRUE(ours_.agent.controlling());
  ask(request([](auto& writer) { writer.priority(1).controlling(~std::uint64_t{0}); }));
  EXPECT_EQ(answer(), 0);
  EXPECT_FALSE(ours_.agent.controlling());
  ask(request([](auto& writer) { writer.priority(1).controlled(~std::uint64_t{0}); }));
  EXPECT_EQ(answer(), wire::kStunRoleConflict);
  EXPECT_FALSE(ours_.agent.controlling());
  ask(request([](auto& writer) { writer.priority(1).controlled(0); }));
  EXPECT_EQ(answer(), 0);
  EXPECT_TRUE(ours_.agent.controlling());
}

class TwoAgents : public IceTest {
protected:
  void introduce(Host& a, Host& b) {
    a.agent.set_remote_credentials(b.local.ufrag, b.local.pwd, now_);
    b.agent.set_remote_credentials(a.local.ufrag, a.local.pwd, now_);
  }
  // Delivers at once and steps through all wake-ups until `end`.
  void run(Host& a, Host& b, Duration time) {
    for (const TimePoint end = now_ + time; now_ <= end; now_ += 1ms) {
      a.agent.on_wakeup(now_);
      b.agent.on_wakeup(now_);
      for (int i = 0; i < 4; ++i) {
        carry(a, b, kHere);
        carry(b, a, kThere);
      }
    }
  }
  void carry(Host& from, Host& to, const SocketAddress& as) {
    from.outbox.flush();
    for (const auto& one : std::exchange(from.sent, {})) {
      ++carried_;
      to.agent.on_stun(one.bytes, as, now_);
    }
  }
  Host theirs_{false, "theirs", "their-password", kThere};
  int carried_ = 0;
};

// Checklist: 62
TEST_F(TwoAgents, TheControllingSideNominatesAndBothUseThePair) {
  introduce(ours_, theirs_);
  theirs_.agent.add_remote_candidates(ours_.local.candidates, now_);
  run(ours_, theirs_, 100ms);
  EXPECT_TRUE(ours_.agent.is_nominated());
  EXPECT_TRUE(theirs_.agent.is_nominated());
  EXPECT_TRUE(ours_.agent.selected() == net::Path(kThere));
  EXPECT_TRUE(theirs_.agent.selected() == net::Path(kHere));
}

TEST_F(TwoAgents, TwoControllingAgentsAgree) {
  Host other(true, "theirs", "their-password", kThere);
  introduce(ours_, other);
  other.agent.add_remote_candidates(ours_.local.candidates, now_);
  run(ours_, other, 500ms);
  EXPECT_NE(ours_.agent.controlling(), other.agent.controlling());
  EXPECT_TRUE(ours_.agent.is_nominated());
  EXPECT_TRUE(other.agent.is_nominated());
}

TEST_F(TwoAgents, ARelayedPairWaitsForABetterOne) {
  introduce(ours_, theirs_);
  Candidate relayed = host_candidate(kThere);
  relayed.type = CandidateType::relayed;
  ours_.agent.add_remote_candidates({&relayed, 1}, now_);
  run(ours_, theirs_, 500ms);
  EXPECT_TRUE(ours_.agent.selected());  // usable at once…
  EXPECT_FALSE(ours_.agent.is_nominated());
  run(ours_, theirs_, 500ms);
  EXPECT_TRUE(ours_.agent.is_nominated());  // …and final after a while
}

TEST_F(TwoAgents, ChecksOfAnUnreachableCandidateEnd) {
  ours_.agent.set_remote_credentials("theirs", "their-password", now_);
  const Candidate dead = host_candidate(address("203.0.113.1", 9));
  ours_.agent.add_remote_candidates({&dead, 1}, now_);
  ours_.agent.add_remote_candidates({&dead, 1}, now_);  // known already
  while (const auto due = ours_.agent.next_wakeup()) {
    ASSERT_GT(*due, now_);
    now_ = *due;
    ours_.agent.on_wakeup(now_);
  }
  ours_.outbox.flush();
  EXPECT_EQ(ours_.sent.size(), static_cast<std::size_t>(IceAgent::kMaxSends));
  EXPECT_EQ(ours_.agent.state(), IceAgent::State::failed);
}

TEST_F(TwoAgents, AForgedAnswerIsNotBelieved) {
  ours_.agent.set_remote_credentials("theirs", "their-password", now_);
  ours_.agent.add_remote_candidates(theirs_.local.candidates, now_);
  ours_.outbox.flush();
  ASSERT_EQ(ours_.sent.size(), 1U);
  const auto id = wire::parse_stun(ours_.sent[0].bytes)->id;
  std::array<std::byte, 200> space;
  const auto forge = [&](const char* password) {
    return std::span(space).first(wire::StunWriter(space, wire::StunClass::success, id)
                                      .mapped_address(kHere)
                                      .finish(wire::HmacSha1(as_bytes(password))));
  };
  EXPECT_EQ(ours_.agent.on_stun(forge("guessed"), kThere, now_), IceAgent::Proof::none);
  EXPECT_EQ(ours_.agent.on_stun(forge("their-password"), address("203.0.113.1", 1), now_),
            IceAgent::Proof::none);
  EXPECT_FALSE(ours_.agent.selected());
  EXPECT_EQ(ours_.agent.on_stun(forge("their-password"), kThere, now_), IceAgent::Proof::answer);
  EXPECT_TRUE(ours_.agent.selected());
}

TEST_F(TwoAgents, AFloodOfNewAddressesGetsChecksNoFasterThanPacingAllows) {
  introduce(ours_, theirs_);
  for (std::uint16_t port = 1; port <= 2000; ++port) {
    ours_.agent.on_stun(request(plain), address("203.0.113.1", port), now_);
    now_ += 1ms;
  }
  ours_.outbox.flush();
  const auto checks = std::ranges::count_if(ours_.sent, [](const Host::Sent& one) {
    return wire::parse_stun(one.bytes)->kind == wire::StunClass::request;
  });
  // One in 20 ms for 2 s, each sent five times at most in that time.
  EXPECT_GE(checks, 50);
  EXPECT_LE(checks, 100 * 5);
}

}  // namespace
}  // namespace cloister::videobridge::transport
