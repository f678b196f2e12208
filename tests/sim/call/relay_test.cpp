// A conference over several bridges: who is on which must not be noticed.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world/sim.h"

namespace cloister::sim {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint8_t kNoise = 85;  // −dBov

std::string dominant(const Participant& listener) {
  for (auto at = listener.messages().rbegin(); at != listener.messages().rend(); ++at)
    if (at->find("DominantSpeakerEndpointChangeEvent") != std::string::npos) return *at;
  return "";
}

class TwoBridges : public testing::Test {
protected:
  explicit TwoBridges(std::uint64_t seed = 70) : sim(Seed{seed}, 2) {}

  void start() {
    for (Participant* one : everybody) one->shows_camera();
    const auto all_see_all = [&] {
      return std::ranges::all_of(everybody, [&](Participant* viewer) {
        return std::ranges::all_of(everybody, [&](Participant* other) {
          return viewer == other || viewer->video_of(*other).frames() > 0;
        });
      });
    };
    ASSERT_TRUE(sim.run_until(all_see_all, 8s)) << sim.flow_diagram();
    sim.run_for(2s);
  }
  void forget() {
    for (Participant* viewer : everybody)
      for (Participant* other : everybody) {
        viewer->video_of(*other).forget(sim.now());
        viewer->audio_of(*other).forget();
      }
  }
  // Over the way between the bridges, since the last call.
  std::uint64_t relayed_bytes() {
    const std::uint64_t now = sim.bridge().counters().bytes_sent_relay.value();
    return now - std::exchange(relayed_before_, now);
  }
  template <class Check>
  void for_each_pair(Check&& check) {
    for (Participant* viewer : everybody)
      for (Participant* other : everybody) {
        if (viewer == other) continue;
        SCOPED_TRACE(viewer->as().endpoint.expose() + " looks at " + other->as().endpoint.expose());
        check(*viewer, *other);
      }
  }

  Sim sim;
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob", {.bridge = 1});
  Participant& carol = sim.join("carol", {.data_channel = true, .bridge = 1});
  Participant& dave = sim.join("dave");
  std::vector<Participant*> everybody{&alice, &bob, &carol, &dave};

private:
  std::uint64_t relayed_before_ = 0;
};

// Checklist: 211, 212
TEST_F(TwoBridges, EverybodySeesAndHearsEverybody) {
  for (Participant* one : everybody) one->speaks();
  start();
  forget();
  sim.run_for(10s);
  for_each_pair([&](Participant& viewer, Participant& other) {
    EXPECT_GT(viewer.video_of(other).frames(), 280U) << sim.flow_diagram();
    EXPECT_LT(viewer.video_of(other).longest_freeze(sim.now()), 200ms);
    EXPECT_EQ(viewer.video_of(other).contradictions(), 0);
    EXPECT_EQ(viewer.video_of(other).height(), 360);
    EXPECT_LT(viewer.audio_of(other).concealment(), 0.01);
    EXPECT_GT(viewer.audio_of(other).packets(), 480U);
  });
  for (Participant* one : everybody) EXPECT_EQ(one->strays(), 0U);
}

// Checklist: 214
TEST_F(TwoBridges, TheWayBetweenThemCarriesNoMoreThanSomebodyLooksAt) {
  start();
  bob.asks_for_height(180);
  carol.asks_for_height(180);
  sim.run_for(3s);
  relayed_bytes();
  sim.run_for(4s);
  const std::uint64_t small = relayed_bytes();
  EXPECT_EQ(bob.video_of(alice).height(), 180) << sim.flow_diagram();

  forget();
  carol.asks_for_height(720);
  sim.run_for(6s);
  EXPECT_EQ(carol.video_of(alice).height(), 720) << sim.flow_diagram();
  EXPECT_EQ(bob.video_of(alice).height(), 180) << "each receiver its own";
  EXPECT_LT(carol.video_of(alice).longest_freeze(sim.now()), 500ms);
  EXPECT_THAT(alice.messages(), Contains(AllOf(HasSubstr("SenderSourceConstraints"), HasSubstr("720"))));
  relayed_bytes();
  sim.run_for(4s);
  EXPECT_GT(relayed_bytes(), 3 * small);

  for (Participant* one : {&bob, &carol}) one->asks_for_height(0);
  sim.run_for(1s);
  relayed_bytes();
  sim.run_for(4s);
  EXPECT_LT(relayed_bytes(), small / 5);
  dave.asks_for_height(0);
  sim.run_for(2s);
  EXPECT_THAT(alice.messages().back(),
              AllOf(HasSubstr("SenderSourceConstraints"), HasSubstr(R"("maxHeight":0)")));
}

// Checklist: 215
TEST_F(TwoBridges, BothKnowWhoSpeaks) {
  for (Participant* one : everybody) {
    one->speaks();
    one->set_level(kNoise);
  }
  sim.run_for(4s);
  for (Participant* turn : {&bob, &alice, &dave, &carol}) {
    for (int word = 0; word < 8; ++word) {
      turn->set_level(25);
      sim.run_for(300ms);
      turn->set_level(kNoise);
      sim.run_for(80ms);
    }
    const std::string said = "\"dominantSpeakerEndpoint\":\"" + turn->as().endpoint.expose() + "\"";
    for (const Participant* listener : everybody) EXPECT_THAT(dominant(*listener), HasSubstr(said));
  }
  for (const Participant* listener : everybody)
    EXPECT_EQ(dominant(*listener), dominant(alice)) << "the order of those before, too";
}

TEST_F(TwoBridges, LossBetweenThemIsRepairedThere) {
  for (Participant* one : everybody) one->speaks();
  start();
  for (support::Link* line : {&sim.bridge().relay_host().up, &sim.bridge().relay_host().down}) {
    line->delay = 20ms;
    line->loss = 0.05;
  }
  sim.run_for(2s);
  forget();
  sim.run_for(20s);
  for_each_pair([&](Participant& viewer, Participant& other) {
    EXPECT_GT(viewer.video_of(other).frames(), 530U) << sim.flow_diagram();
    EXPECT_LT(viewer.video_of(other).longest_freeze(sim.now()), 500ms);
    EXPECT_EQ(viewer.video_of(other).contradictions(), 0);
    EXPECT_LT(viewer.audio_of(other).concealment(), 0.08);
  });
}

// Checklist: 216
TEST_F(TwoBridges, AnOutageBetweenThemEndsByItself) {
  start();
  support::SeededNetwork::Host& line = sim.bridge().relay_host();
  line.up.loss = line.down.loss = 1;
  sim.run_for(10s);
  EXPECT_THAT(alice.messages(), Contains(AllOf(HasSubstr("EndpointConnectivityStatus"), HasSubstr("bob"),
                                               HasSubstr(R"("active":"false")"))));
  line.up.loss = line.down.loss = 0;
  sim.run_for(3s);
  EXPECT_THAT(alice.messages(), Contains(AllOf(HasSubstr("EndpointConnectivityStatus"), HasSubstr("bob"),
                                               HasSubstr(R"("active":"true")"))));
  forget();
  alice.send_message(R"({"colibriClass":"EndpointMessage","to":"bob","msgPayload":"back again"})");
  sim.run_for(4s);
  for_each_pair([&](Participant& viewer, Participant& other) {
    EXPECT_GT(viewer.video_of(other).frames(), 110U) << sim.flow_diagram();
  });
  EXPECT_THAT(bob.messages(), Contains(HasSubstr("back again"))) << "the channel between them, too";
}

TEST_F(TwoBridges, MessagesReachWhomTheyAreFor) {
  sim.run_for(4s);
  alice.send_message(R"({"colibriClass":"EndpointMessage","to":"bob","from":"dave","msgPayload":"for bob"})");
  carol.send_message(R"({"colibriClass":"EndpointMessage","to":"","msgPayload":"for all"})");
  dave.send_message(R"({"colibriClass":"EndpointStats","bitrate":{"download":7}})");
  sim.run_for(1s);
  EXPECT_THAT(bob.messages(), Contains(AllOf(HasSubstr("for bob"), HasSubstr(R"("from":"alice")"))));
  for (const Participant* other : {&carol, &dave})
    EXPECT_THAT(other->messages(), Not(Contains(HasSubstr("for bob"))));
  for (const Participant* other : {&alice, &bob, &dave})
    EXPECT_EQ(std::ranges::count_if(other->messages(),
                                    [](const auto& text) {
                                      return text.find("for all") != std::string::npos &&
                                             text.find(R"("from":"carol")") != std::string::npos;
                                    }),
              1);
  for (const Participant* other : {&alice, &bob, &carol})
    EXPECT_THAT(other->messages(), Contains(AllOf(HasSubstr("EndpointStats"), HasSubstr("dave"))));
}

TEST_F(TwoBridges, WhoVanishesIsReportedSilentBehindTheOtherToo) {
  sim.run_for(4s);
  sim.vanish(bob);
  sim.run_for(10s);
  EXPECT_THAT(alice.messages(), Contains(AllOf(HasSubstr("EndpointConnectivityStatus"), HasSubstr("bob"))));
  Participant& erin = sim.join("erin");
  sim.run_for(3s);
  EXPECT_THAT(erin.messages(), Contains(AllOf(HasSubstr("EndpointConnectivityStatus"), HasSubstr("bob"))))
      << "newcomers are told";
}

TEST_F(TwoBridges, OneDiesAndTheOthersGoOn) {
  start();
  sim.bridge(1).die();
  sim.run_for(10s);
  EXPECT_THAT(alice.messages(), Contains(AllOf(HasSubstr("EndpointConnectivityStatus"), HasSubstr("bob"))));
  sim.mesh().drop(1);
  EXPECT_EQ(sim.bridge().counters().relays.value(), 0);
  EXPECT_EQ(sim.bridge().counters().relayed_endpoints.value(), 0);
  EXPECT_EQ(sim.bridge().transports(), 2U);
  forget();
  sim.run_for(4s);
  EXPECT_GT(alice.video_of(dave).frames(), 110U) << sim.flow_diagram();
  EXPECT_LT(alice.video_of(dave).longest_freeze(sim.now()), 200ms);
  sim.leave(alice);
  sim.leave(dave);
  sim.run_for(70s);
  EXPECT_EQ(sim.bridge().conferences(), 0U);
  EXPECT_EQ(sim.bridge().packets_in_use(), 0U);
  EXPECT_EQ(sim.bridge().counters().inactive_endpoints.value(), 0);
}

TEST_F(TwoBridges, WhoLeavesIsGoneEverywhereAndNothingStays) {
  start();
  sim.leave(bob);
  sim.run_for(1s);
  EXPECT_EQ(sim.bridge().counters().relayed_endpoints.value(), 1);
  EXPECT_EQ(alice.strays(), 0U);
  sim.leave(carol);
  sim.run_for(1s);
  EXPECT_EQ(sim.bridge(1).conferences(), 0U) << "nobody is there any more";
  EXPECT_EQ(sim.bridge().counters().relays.value(), 0);
  Participant& late = sim.join("late", {.bridge = 1});
  late.shows_camera();
  EXPECT_TRUE(sim.run_until([&] { return alice.video_of(late).frames() > 30; }, 6s)) << sim.flow_diagram();
  EXPECT_GT(late.video_of(dave).frames(), 0U);
  for (Participant* one : {&late, &alice, &dave}) sim.leave(*one);
  sim.run_for(70s);
  for (std::size_t bridge : {0U, 1U}) {
    EXPECT_EQ(sim.bridge(bridge).conferences(), 0U);
    EXPECT_EQ(sim.bridge(bridge).transports(), 0U);
    EXPECT_EQ(sim.bridge(bridge).packets_in_use(), 0U);
    EXPECT_EQ(sim.bridge(bridge).counters().relays.value(), 0);
    EXPECT_EQ(sim.bridge(bridge).counters().relayed_endpoints.value(), 0);
  }
}

// Checklist: 213
TEST(ThreeBridges, NothingGoesInCircles) {
  Sim sim{Seed{75}, 3};
  std::vector<Participant*> everybody;
  for (std::size_t i = 0; i < 3; ++i) {
    everybody.push_back(&sim.join(fmt::format("one{}", i), {.bridge = i}));
    everybody.back()->shows_camera();
    everybody.back()->speaks();
  }
  sim.run_for(6s);
  for (Participant* viewer : everybody)
    for (Participant* other : everybody) {
      if (viewer == other) continue;
      EXPECT_GT(viewer->video_of(*other).frames(), 60U) << sim.flow_diagram();
      EXPECT_GT(viewer->audio_of(*other).packets(), 150U);
      EXPECT_EQ(viewer->video_of(*other).contradictions(), 0);
    }
  using videobridge::media::Drop;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& drops = sim.bridge(i).counters().media_drops;
    EXPECT_EQ(drops[static_cast<std::size_t>(Drop::duplicate)].value(), 0U);
    EXPECT_EQ(drops[static_cast<std::size_t>(Drop::unknown_ssrc)].value(), 0U)
        << "only what its own participants send";
    EXPECT_EQ(sim.bridge(i).counters().relays.value(), 2);
  }
}

TEST(ManyMeetings, OfTwoBridgesAreToldApart) {
  Sim sim{Seed{76}, 2};
  std::vector<Participant*> here;
  std::vector<Participant*> there;
  for (const char* room : {"red", "green", "blue"}) {
    here.push_back(&sim.join(fmt::format("{}0", room), {.room = room}));
    there.push_back(&sim.join(fmt::format("{}1", room), {.room = room, .bridge = 1}));
    here.back()->shows_camera();
    there.back()->shows_camera();
  }
  sim.run_for(6s);
  for (std::size_t i = 0; i < here.size(); ++i) {
    EXPECT_GT(there[i]->video_of(*here[i]).frames(), 60U) << sim.flow_diagram();
    EXPECT_GT(here[i]->video_of(*there[i]).frames(), 60U);
    EXPECT_EQ(here[i]->strays() + there[i]->strays(), 0U);
  }
}

}  // namespace
}  // namespace cloister::sim
