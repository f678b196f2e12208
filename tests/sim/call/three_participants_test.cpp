#include <gtest/gtest.h>

#include "world/sim.h"

namespace cloister::sim {
namespace {

TEST(ThreeParticipants, SeeAndHearEachOther) {
  Sim sim{Seed{1}};
  for (const char* name : {"alice", "bob", "carol"}) {
    Participant& joined = sim.join(name);
    joined.shows_camera();
    joined.speaks();
  }
  sim.run_for(10s);

  for (const auto& viewer : sim.participants()) {
    EXPECT_EQ(viewer->strays(), 0U);
    for (const auto& other : sim.participants()) {
      if (other == viewer) continue;
      SCOPED_TRACE(viewer->as().endpoint.expose() + " of " + other->as().endpoint.expose());
      const VideoView& video = viewer->video_of(*other);
      EXPECT_LT(video.time_to_first_frame(), 1s) << sim.flow_diagram();
      EXPECT_GT(video.frames(), 260U);
      EXPECT_GT(video.height(), 0);
      EXPECT_EQ(video.contradictions(), 0);
      EXPECT_LT(viewer->audio_of(*other).concealment(), 0.01);
      EXPECT_GT(viewer->audio_of(*other).packets(), 450U);
    }
  }
}

}  // namespace
}  // namespace cloister::sim
