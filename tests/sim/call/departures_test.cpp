#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world/sim.h"

namespace cloister::sim {
namespace {

using testing::Contains;
using testing::HasSubstr;

class Departures : public testing::Test {
protected:
  void SetUp() override {
    for (Participant* one : {&alice, &bob}) {
      one->shows_camera();
      one->speaks();
    }
    sim.run_for(3s);
    ASSERT_GT(alice.video_of(bob).frames(), 0U) << sim.flow_diagram();
  }

  Sim sim{Seed{4}};
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob");
};

TEST_F(Departures, WhoLeavesIsGoneAtOnce) {
  sim.leave(bob);
  sim.run_for(1s);
  EXPECT_EQ(alice.strays(), 0U);
  EXPECT_EQ(sim.bridge().transports(), 1U);
  EXPECT_EQ(sim.bridge().counters().endpoints.value(), 1);
  sim.leave(alice);
  sim.run_for(70s);
  EXPECT_EQ(sim.bridge().transports(), 0U);
  EXPECT_EQ(sim.bridge().conferences(), 0U);
  EXPECT_EQ(sim.bridge().packets_in_use(), 0U) << "caches go with their owners";
}

TEST_F(Departures, WhoVanishesIsReportedSilentThenForgotten) {
  sim.vanish(bob);
  sim.run_for(12s);
  EXPECT_THAT(alice.messages(), Contains(AllOf(HasSubstr("EndpointConnectivityStatus"), HasSubstr("bob"))));
  sim.run_for(90s);
  EXPECT_EQ(sim.bridge().transports(), 1U) << "only alice is left";
}

TEST_F(Departures, ALateJoinerSeesEverybodySoon) {
  Participant& carol = sim.join("carol");
  const bool sees_all = sim.run_until(
      [&] { return carol.video_of(alice).frames() > 0 && carol.video_of(bob).frames() > 0; }, 3s);
  EXPECT_TRUE(sees_all) << sim.flow_diagram();
}

TEST_F(Departures, WhoComesBackUnderAnotherIdIsSeenAgain) {
  sim.leave(bob);
  Participant& again = sim.join("bob2");
  again.shows_camera();
  EXPECT_TRUE(sim.run_until([&] { return alice.video_of(again).frames() > 30; }, 4s)) << sim.flow_diagram();
}

TEST(Rooms, NeverSeeEachOther) {
  Sim sim{Seed{5}};
  Participant& alice = sim.join("alice", {.room = "red"});
  Participant& bob = sim.join("bob", {.room = "red"});
  Participant& carol = sim.join("carol", {.room = "blue"});
  Participant& dave = sim.join("dave", {.room = "blue"});
  for (const auto& one : sim.participants()) {
    one->shows_camera();
    one->speaks();
  }
  sim.run_for(4s);
  EXPECT_GT(alice.video_of(bob).frames(), 60U);
  EXPECT_GT(carol.video_of(dave).frames(), 60U);
  for (const auto& one : sim.participants()) EXPECT_EQ(one->strays(), 0U);
  bob.send_message(R"({"colibriClass":"EndpointMessage","to":"","msgPayload":{"secret":"red only"}})");
  sim.run_for(1s);
  EXPECT_THAT(alice.messages(), Contains(HasSubstr("red only")));
  for (const Participant* other : {&carol, &dave})
    EXPECT_THAT(other->messages(), testing::Not(Contains(HasSubstr("red only"))));
}

}  // namespace
}  // namespace cloister::sim
