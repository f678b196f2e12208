#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world/sim.h"

namespace cloister::sim {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TEST(Channel, ADataChannelAndAWebSocketSpeakToEachOther) {
  Sim sim{Seed{30}};
  Participant& alice = sim.join("alice", {
                                             .link = {.delay = 20ms, .loss = 0.05},
                                               .data_channel = true
  });
  Participant& bob = sim.join("bob");
  Participant& carol = sim.join("carol");
  alice.shows_camera();
  sim.run_for(5s);
  ASSERT_THAT(alice.messages(), Contains(HasSubstr("ServerHello"))) << sim.flow_diagram();

  alice.send_message(R"({"colibriClass":"EndpointMessage","to":"bob","msgPayload":{"word":"hello"}})");
  bob.send_message(
      R"({"colibriClass":"EndpointMessage","to":"alice","from":"carol","msgPayload":{"word":"back"}})");
  sim.run_for(3s);
  EXPECT_THAT(bob.messages(), Contains(AllOf(HasSubstr("hello"), HasSubstr(R"("from":"alice")"))));
  EXPECT_THAT(alice.messages(), Contains(AllOf(HasSubstr("back"), HasSubstr(R"("from":"bob")"))))
      << "the bridge says who it was";
  EXPECT_THAT(carol.messages(), Not(Contains(HasSubstr("EndpointMessage"))));
  EXPECT_GT(bob.video_of(alice).frames(), 100U);
}

TEST(Channel, WhoSpeaksIsToldToAll) {
  Sim sim{Seed{31}};
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob");
  Participant& carol = sim.join("carol");
  sim.run_for(2s);
  bob.speaks();
  sim.run_for(4s);
  for (const Participant* one : {&alice, &carol})
    EXPECT_THAT(one->messages(), Contains(AllOf(HasSubstr("DominantSpeakerEndpointChangeEvent"),
                                                HasSubstr(R"("dominantSpeakerEndpoint":"bob")"))));
}

TEST(Channel, TheSenderIsToldWhatIsWanted) {
  Sim sim{Seed{32}};
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob");
  alice.shows_camera();
  sim.run_for(2s);
  bob.asks_for_height(720);
  sim.run_for(1s);
  EXPECT_THAT(alice.messages().back(), AllOf(HasSubstr("SenderSourceConstraints"), HasSubstr("720")));
  bob.asks_for_height(0);
  sim.run_for(1s);
  EXPECT_THAT(alice.messages().back(),
              AllOf(HasSubstr("SenderSourceConstraints"), HasSubstr(R"("maxHeight":0)")));
}

}  // namespace
}  // namespace cloister::sim
