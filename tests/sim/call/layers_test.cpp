#include <gtest/gtest.h>

#include "world/sim.h"

namespace cloister::sim {
namespace {

class Layers : public testing::Test {
protected:
  void start() {
    for (Participant* one : {&alice, &bob}) one->shows_camera();
    ASSERT_TRUE(sim.run_until([&] { return bob.video_of(alice).frames() > 0; }, 3s)) << sim.flow_diagram();
    sim.run_for(1s);
  }
  // Bob asks for this height and gets it, without a freeze while it changes.
  void expect_change_to(int height) {
    SCOPED_TRACE("asking for " + std::to_string(height));
    VideoView& video = bob.video_of(alice);
    video.forget(sim.now());
    const TimePoint asked = sim.now();
    bob.asks_for_height(height);
    sim.run_for(8s);
    EXPECT_EQ(video.height(), height) << sim.flow_diagram();
    EXPECT_LT(video.reached(static_cast<std::uint16_t>(height)).value_or(TimePoint::max()) - asked, 5s);
    EXPECT_LT(video.longest_freeze(sim.now()), 500ms) << sim.flow_diagram();
    EXPECT_EQ(video.contradictions(), 0);
  }

  Sim sim{Seed{3}};
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob", {.link = {.delay = 25ms}});
};

TEST_F(Layers, FollowWhatTheReceiverAsksForWithoutAFreeze) {
  start();
  bob.asks_for_height(180);
  sim.run_for(3s);
  EXPECT_EQ(bob.video_of(alice).height(), 180) << sim.flow_diagram();
  expect_change_to(720);
  expect_change_to(180);
  expect_change_to(360);
}

TEST_F(Layers, ChangeOverALossyLineToo) {
  bob.host().down.loss = bob.host().up.loss = 0.03;
  start();
  bob.asks_for_height(180);
  sim.run_for(3s);
  expect_change_to(720);
  expect_change_to(180);
}

TEST_F(Layers, AreEachReceiversOwn) {
  Participant& carol = sim.join("carol");
  start();
  bob.asks_for_height(180);
  carol.asks_for_height(720);
  sim.run_for(6s);
  EXPECT_EQ(bob.video_of(alice).height(), 180) << sim.flow_diagram();
  EXPECT_EQ(carol.video_of(alice).height(), 720);
}

// Checklist: 158
TEST_F(Layers, NothingIsSentToWhoWantsNothing) {
  start();
  bob.asks_for_height(0);
  sim.run_for(1s);
  bob.video_of(alice).forget(sim.now());
  sim.run_for(3s);
  EXPECT_EQ(bob.video_of(alice).packets(), 0U) << sim.flow_diagram();
}

}  // namespace
}  // namespace cloister::sim
