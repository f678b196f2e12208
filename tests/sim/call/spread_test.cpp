// A meeting that the focus itself spreads over bridges: everybody goes to the one that is near.
#include <gtest/gtest.h>

#include "world/sim.h"

namespace cloister::sim {
namespace {

class Spreading : public testing::Test {
protected:
  Participant& joins(const std::string& name, std::size_t near) {
    Participant& one = sim.join(name, {.data_channel = true, .bridge = near});
    everybody.push_back(&one);
    one.shows_camera();
    one.speaks();
    return one;
  }
  void leaves(Participant& one) {
    std::erase(everybody, &one);
    sim.leave(one);
  }
  void expect_everybody_sees_everybody() {
    for (Participant* viewer : everybody)
      for (Participant* other : everybody) {
        viewer->video_of(*other).forget(sim.now());
        viewer->audio_of(*other).forget();
      }
    sim.run_for(3s);
    for (Participant* viewer : everybody)
      for (Participant* other : everybody) {
        if (viewer == other) continue;
        SCOPED_TRACE(viewer->as().endpoint.expose() + " looks at " + other->as().endpoint.expose());
        EXPECT_GT(viewer->video_of(*other).frames(), 80U) << sim.flow_diagram();
        EXPECT_GT(viewer->audio_of(*other).packets(), 140U);
      }
  }
  std::int64_t endpoints(std::size_t bridge) { return sim.bridge(bridge).counters().endpoints.value(); }
  std::int64_t relays(std::size_t bridge) { return sim.bridge(bridge).counters().relays.value(); }

  Sim sim{Seed{78}, 3, Spread::by_focus};
  std::vector<Participant*> everybody;
};

// Focus checklist: 154
// Checklist: 211, 212
TEST_F(Spreading, EverybodyGoesToTheBridgeThatIsNearAndSeesTheOthers) {
  joins("alice", 0);
  joins("bob", 1);
  joins("carol", 0);
  joins("dave", 2);
  joins("erin", 1);
  sim.run_for(6s);
  expect_everybody_sees_everybody();
  EXPECT_EQ(std::tuple(endpoints(0), endpoints(1), endpoints(2)), std::tuple(2, 2, 1));
  EXPECT_EQ(std::tuple(relays(0), relays(1), relays(2)), std::tuple(2, 2, 2));
}

// Focus checklist: 154
TEST_F(Spreading, WhoLeavesLastTakesTheRelayAlong) {
  joins("alice", 0);
  Participant& bob = joins("bob", 1);
  joins("carol", 0);
  sim.run_for(4s);
  expect_everybody_sees_everybody();
  leaves(bob);
  sim.run_for(1s);
  EXPECT_EQ(sim.bridge(1).conferences(), 0U);
  EXPECT_EQ(relays(0), 0);
  Participant& back = joins("bobagain", 1);
  sim.run_for(4s);
  expect_everybody_sees_everybody();
  EXPECT_EQ(relays(0), 1);
  leaves(back);
  while (!everybody.empty()) leaves(*everybody.back());
  sim.run_for(70s);
  for (std::size_t bridge : {0U, 1U, 2U}) {
    EXPECT_EQ(sim.bridge(bridge).conferences(), 0U);
    EXPECT_EQ(sim.bridge(bridge).transports(), 0U);
    EXPECT_EQ(sim.bridge(bridge).packets_in_use(), 0U);
  }
}

// Focus checklist: 154, 162
TEST_F(Spreading, WhoseBridgeIsLostMovesToAnotherAndTheRestStays) {
  Participant& alice = joins("alice", 0);
  joins("bob", 1);
  joins("carol", 0);
  sim.run_for(5s);
  expect_everybody_sees_everybody();
  sim.bridge(1).die();
  sim.focus().lose_bridge(1);
  sim.run_for(5s);
  expect_everybody_sees_everybody();
  EXPECT_EQ(endpoints(0), 3) << "where there is room already";
  EXPECT_EQ(relays(0), 0);
  EXPECT_EQ(alice.strays(), 0U);
}

}  // namespace
}  // namespace cloister::sim
