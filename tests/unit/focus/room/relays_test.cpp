// The relays of a conference as bridges are asked for them (protocol/focus.md §5.5).
#include "focus/room/relays.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cloister::focus::room {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
namespace colibri2 = xmpp::colibri2;

Relays::Sources audio(const std::string& name) {
  return {
      {.kind = MediaKind::audio, .id = SourceName(name)}
  };
}

// Says what it was asked in short: "a: create b as client with alice", …
struct Bridges final : Relays::Port {
  RequestId ask(const std::string& bridge, const Relays::Request& request) override {
    const colibri2::Relay& relay = request.relays.at(0);
    std::string text = bridge + ": ";
    if (relay.create) text += "create ";
    if (relay.expire) text += "expire ";
    text += relay.id;
    if (relay.create) text += " as " + relay.transport->sctp->role;
    if (relay.transport && relay.transport->ice)
      text += " at " + relay.transport->ice->ufrag + " " + relay.transport->ice->fingerprints.at(0).setup;
    for (const colibri2::Endpoint& endpoint : relay.endpoints) {
      text += endpoint.expire ? " -" : endpoint.create ? " +" : " ~";
      text += endpoint.id.expose();
      if (endpoint.sources)
        for (const colibri2::MediaSource& source : *endpoint.sources) text += "/" + source.id.expose();
    }
    asked.push_back(text);
    last = request;
    return ++requests;
  }
  std::vector<std::string> take() { return std::exchange(asked, {}); }

  std::vector<std::string> asked;
  Relays::Request last;
  RequestId requests = 0;
};

colibri2::ConferenceModified answer(const std::string& relay, const std::string& ufrag) {
  colibri2::Transport transport;
  transport.ice.emplace();
  transport.ice->ufrag = ufrag;
  transport.ice->fingerprints.push_back({.hash = "sha-256", .setup = "actpass", .value = "AB"});
  transport.ice->web_sockets.emplace_back("wss://nowhere");
  transport.sctp = colibri2::Sctp{.port = 5000, .role = "server"};
  return {.relays = {{.id = relay, .transport = std::move(transport)}}};
}

struct RelaysTest : testing::Test {
  ConferenceIdentity conference{.meeting = MeetingId("m")};
  Bridges bridges;
  Relays relays{conference, bridges};
  const EndpointId alice{"alice"};
  const EndpointId bob{"bob"};
};

// Focus checklist: 154
TEST_F(RelaysTest, OneBridgeNeedsNone) {
  relays.add("a", {});
  relays.set("a", alice, audio("alice-a0"));
  relays.expire("a", alice);
  EXPECT_THAT(bridges.take(), IsEmpty());
}

// Focus checklist: 154
TEST_F(RelaysTest, ASecondBridgeIsJoinedToTheFirstAndBothLearnWhoIsWhere) {
  relays.add("a", {});
  relays.set("a", alice, audio("alice-a0"));
  relays.add("b", {{.kind = MediaKind::audio}});
  EXPECT_THAT(bridges.take(), ElementsAre("a: create b as client", "b: create a as server +alice/alice-a0"));
  EXPECT_EQ(bridges.last.relays.at(0).media.size(), 1U);
  EXPECT_FALSE(bridges.last.relays.at(0).transport->ice_controlling);
  relays.set("b", bob, audio("bob-a0"));
  relays.set("b", bob, {});
  relays.expire("b", bob);
  EXPECT_THAT(bridges.take(), ElementsAre("a: b +bob/bob-a0", "a: b ~bob", "a: b -bob"));
}

// Focus checklist: 154
TEST_F(RelaysTest, TransportsAreExchangedWithTheRolesSettled) {
  relays.add("a", {});
  relays.add("b", {});
  bridges.take();
  relays.on_answer("b", 2, answer("a", "of-b"));
  EXPECT_THAT(bridges.take(), IsEmpty()) << "the other has not answered";
  relays.on_answer("a", 1, answer("b", "of-a"));
  EXPECT_THAT(bridges.take(), ElementsAre("a: b at of-b active", "b: a at of-a passive"));
  EXPECT_TRUE(bridges.last.relays.at(0).transport->ice->web_sockets.empty());
  relays.on_answer("a", 1, answer("b", "again"));
  EXPECT_THAT(bridges.take(), IsEmpty());
}

TEST_F(RelaysTest, ThreeAreAFullMesh) {
  for (const char* bridge : {"a", "b", "c"}) relays.add(bridge, {});
  EXPECT_THAT(bridges.take(),
              ElementsAre("a: create b as client", "b: create a as server", "a: create c as client",
                          "c: create a as server", "b: create c as client", "c: create b as server"));
  relays.set("b", bob, {});
  EXPECT_THAT(bridges.take(), ElementsAre("a: b +bob", "c: b +bob"));
}

TEST_F(RelaysTest, ABridgeThatIsGoneIsForgottenByTheOthersAlone) {
  for (const char* bridge : {"a", "b", "c"}) relays.add(bridge, {});
  relays.set("b", bob, {});
  bridges.take();
  relays.remove("b");
  EXPECT_THAT(bridges.take(), ElementsAre("a: expire b", "c: expire b"));
  relays.set("b", bob, {});
  relays.remove("b");
  EXPECT_THAT(bridges.take(), IsEmpty());
}

TEST_F(RelaysTest, WhatABridgeAnswersToAnEarlierRelayIsNotMistakenForTheNewOne) {
  relays.add("a", {});
  relays.add("b", {});  // requests 1 and 2
  relays.remove("b");   // 3
  relays.add("b", {});  // 4 and 5
  bridges.take();
  relays.on_answer("a", 1, answer("b", "old"));
  relays.on_answer("b", 2, answer("a", "old"));
  EXPECT_THAT(bridges.take(), IsEmpty());
  relays.on_answer("a", 4, answer("b", "new-a"));
  relays.on_answer("b", 5, answer("a", "new-b"));
  EXPECT_THAT(bridges.take(), ElementsAre("a: b at new-b active", "b: a at new-a passive"));
}

TEST_F(RelaysTest, AnAnswerWithoutATransportLeadsNowhere) {
  relays.add("a", {});
  relays.add("b", {});
  bridges.take();
  relays.on_answer("a", 1, {.relays = {{.id = "b"}}});
  relays.on_answer("b", 2, answer("a", "of-b"));
  relays.on_answer("nobody", 3, answer("a", "x"));
  EXPECT_THAT(bridges.take(), IsEmpty());
}

}  // namespace
}  // namespace cloister::focus::room
