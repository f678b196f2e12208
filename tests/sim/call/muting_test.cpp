// Who is muted is heard and seen by nobody, whatever its client sends: the focus tells the bridge, which
// drops.
#include <gtest/gtest.h>

#include "world/sim.h"

namespace cloister::sim {
namespace {

using focus::room::kMaySendAll;
using focus::room::MaySend;

// A pupil whose client ignores every request and sends on.
class Muting : public testing::Test {
protected:
  Muting() {
    for (Participant* one : {&host, &pupil, &third}) {
      one->speaks();
      one->shows_camera();
    }
    sim.run_for(4s);
  }
  // How much of the pupil reaches the third one in three seconds.
  std::size_t heard() {
    third.audio_of(pupil).forget();
    run();
    return third.audio_of(pupil).packets();
  }
  std::size_t seen() {
    const std::size_t before = third.video_of(pupil).packets();
    run();
    return third.video_of(pupil).packets() - before;
  }
  void run() { sim.run_for(3s); }
  void may_send(const MaySend& may) {
    sim.focus().room("room").restrain({
        {pupil.as().endpoint, may}
    });
    sim.run_for(500ms);  // what was on its way arrives
  }
  bool mutes(const Participant& who, const Participant& whom, bool muted = true) {
    const auto occupant = xmpp::Jid::parse("room@conference.test/" + whom.as().endpoint.expose()).value();
    const auto answer = sim.focus().room("room").on_mute(
        who.as().endpoint, {.what = xmpp::Mute::What::audio, .muted = muted, .target = occupant});
    sim.run_for(500ms);
    return answer.has_value();
  }

  Sim sim{Seed{173}};
  Participant& host = sim.join("host");  // the first one moderates
  Participant& pupil = sim.join("pupil");
  Participant& third = sim.join("third");
};

// Focus checklist: 173, 174
TEST_F(Muting, ModeratedSoundIsDroppedAtTheBridge) {
  ASSERT_GT(heard(), 100U) << sim.seed_text();
  may_send({.video = true, .desktop = true});
  EXPECT_EQ(heard(), 0U) << sim.seed_text();
  EXPECT_GT(seen(), 0U) << "the camera is not moderated";
  may_send(kMaySendAll);
  EXPECT_GT(heard(), 100U) << sim.seed_text();
}

// Focus checklist: 175
TEST_F(Muting, PicturesAreDroppedWhenNeitherCameraNorScreenIsAllowed) {
  ASSERT_GT(seen(), 0U) << sim.seed_text();
  may_send({.audio = true, .desktop = true});
  EXPECT_GT(seen(), 0U) << "a screen is allowed, and the bridge cannot tell";
  may_send({.audio = true});
  EXPECT_EQ(seen(), 0U) << sim.seed_text();
  EXPECT_GT(heard(), 100U) << sim.seed_text();
}

// Focus checklist: 173
TEST_F(Muting, WhoIsMutedIsSilentUntilItUnmutesItself) {
  ASSERT_TRUE(mutes(host, pupil));
  EXPECT_EQ(heard(), 0U) << sim.seed_text();
  EXPECT_FALSE(mutes(host, pupil, false)) << "nobody unmutes another";
  EXPECT_EQ(heard(), 0U);
  EXPECT_FALSE(mutes(third, host)) << "nor does a participant mute";
  ASSERT_TRUE(mutes(pupil, pupil, false));
  EXPECT_GT(heard(), 100U) << sim.seed_text();
}

// Focus checklist: 176
TEST_F(Muting, WhoComesRestrainedIsNeverHeard) {
  sim.focus().room("room").restrain({
      {EndpointId("late"), {.video = true, .desktop = true}}
  });
  Participant& late = sim.join("late");
  late.speaks();
  sim.run_for(4s);
  ASSERT_TRUE(late.is_connected());
  EXPECT_EQ(third.audio_of(late).packets(), 0U) << sim.seed_text();
}

}  // namespace
}  // namespace cloister::sim
