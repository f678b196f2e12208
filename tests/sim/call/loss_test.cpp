#include <gtest/gtest.h>

#include "world/sim.h"

namespace cloister::sim {
namespace {

constexpr support::Link kRough{.delay = 40ms, .jitter = 5ms, .loss = 0.05, .reordering = 0.02};

TEST(Loss, VideoKeepsDecodingAndAudioIsRarelyConcealed) {
  for (const std::uint64_t seed : {7U, 8U, 9U}) {
    Sim sim{Seed{seed}};
    SCOPED_TRACE(sim.seed_text());
    Participant& alice = sim.join("alice");
    Participant& bob = sim.join("bob", {.link = kRough});
    for (Participant* one : {&alice, &bob}) {
      one->shows_camera();
      one->speaks();
    }
    sim.run_for(3s);
    ASSERT_TRUE(alice.is_connected() && bob.is_connected()) << sim.flow_diagram();
    alice.video_of(bob).forget(sim.now());
    bob.video_of(alice).forget(sim.now());
    alice.audio_of(bob).forget();
    bob.audio_of(alice).forget();
    sim.run_for(20s);

    for (const auto& [viewer, other] : {std::pair(&alice, &bob), std::pair(&bob, &alice)}) {
      const VideoView& video = viewer->video_of(*other);
      EXPECT_GT(video.frames(), 500U) << sim.flow_diagram();
      EXPECT_LT(video.longest_freeze(sim.now()), 1s) << sim.flow_diagram();
      EXPECT_EQ(video.contradictions(), 0);
      EXPECT_LT(viewer->audio_of(*other).concealment(), 0.10);
      EXPECT_GT(viewer->audio_of(*other).packets(), 900U);
    }
  }
}

// Checklist: 87
TEST(Loss, JoinsOverABadLineTakeLongerButSucceed) {
  Sim sim{Seed{21}};
  Participant& alice = sim.join("alice");
  alice.shows_camera();
  Participant& bob = sim.join(
      "bob",
      {
          .link = {.delay = 100ms, .jitter = 20ms, .loss = 0.3, .duplication = 0.1, .reordering = 0.1}
  });
  EXPECT_TRUE(sim.run_until([&] { return bob.video_of(alice).frames() > 0; }, 15s)) << sim.flow_diagram();
}

TEST(Loss, AnOutageEndsByItself) {
  Sim sim{Seed{22}};
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob");
  alice.shows_camera();
  sim.run_for(3s);
  bob.host().down.loss = bob.host().up.loss = 1;
  sim.run_for(4s);
  bob.host().down.loss = bob.host().up.loss = 0;
  sim.run_for(2s);
  bob.video_of(alice).forget(sim.now());
  sim.run_for(5s);
  EXPECT_GT(bob.video_of(alice).frames(), 140U) << sim.flow_diagram();
  EXPECT_LT(bob.video_of(alice).longest_freeze(sim.now()), 200ms);
}

}  // namespace
}  // namespace cloister::sim
