#include <gtest/gtest.h>

#include "world/sim.h"

namespace cloister::sim {
namespace {

TEST(Room, NobodyIsConnectedAlone) {
  Sim sim{Seed{40}};
  Participant& alice = sim.join("alice");
  alice.shows_camera();
  sim.run_for(5s);
  EXPECT_FALSE(alice.is_connected());
  EXPECT_EQ(sim.bridge().conferences(), 0U);

  Participant& bob = sim.join("bob");
  EXPECT_TRUE(sim.run_until([&] { return bob.video_of(alice).frames() > 0; }, 2s)) << sim.flow_diagram();
}

TEST(Room, TheLastOneIsLetGoAndCalledAgain) {
  Sim sim{Seed{41}};
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob");
  alice.shows_camera();
  sim.run_for(3s);
  sim.leave(bob);
  sim.run_for(15s);
  EXPECT_TRUE(alice.is_connected()) << "somebody may come back soon";
  sim.run_for(10s);
  EXPECT_FALSE(alice.is_connected());
  EXPECT_EQ(sim.bridge().conferences(), 0U);

  Participant& carol = sim.join("carol");
  EXPECT_TRUE(sim.run_until([&] { return carol.video_of(alice).frames() > 0; }, 3s)) << sim.flow_diagram();
  EXPECT_TRUE(alice.is_connected());
}

TEST(Room, EndsWithItsLastMember) {
  Sim sim{Seed{42}};
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob");
  sim.run_for(3s);
  EXPECT_EQ(sim.focus().rooms(), 1U);
  sim.leave(bob);
  sim.leave(alice);
  sim.run_for(1s);
  EXPECT_EQ(sim.focus().rooms(), 0U);
  EXPECT_EQ(sim.bridge().conferences(), 0U);

  Participant& carol = sim.join("carol");
  Participant& dave = sim.join("dave");
  carol.speaks();
  sim.run_for(3s);
  EXPECT_GT(dave.audio_of(carol).packets(), 50U) << "a name may be used again";
}

TEST(Room, TwentyPeopleAllSeeTheOneWhoShows) {
  Sim sim{Seed{43}};
  Participant& speaker = sim.join("speaker");
  speaker.shows_camera();
  speaker.speaks();
  for (int i = 1; i < 20; ++i) sim.join("p" + std::to_string(i), {.link = {.delay = i * 3ms}});
  sim.run_for(5s);
  for (const auto& viewer : sim.participants()) {
    if (viewer.get() == &speaker) continue;
    SCOPED_TRACE(viewer->as().endpoint.expose());
    EXPECT_GT(viewer->video_of(speaker).frames(), 100U) << sim.flow_diagram();
    EXPECT_LT(viewer->audio_of(speaker).concealment(), 0.01);
  }
}

}  // namespace
}  // namespace cloister::sim
