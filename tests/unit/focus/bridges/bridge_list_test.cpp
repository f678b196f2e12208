#include "focus/bridges/bridge_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace cloister::focus::bridges {
namespace {

using support::FakeClock;
using testing::ElementsAre;
using testing::IsEmpty;

using Stats = std::map<std::string, std::string>;

xmpp::Jid occupant(const std::string& nick) {
  return xmpp::Jid::parse("jvbbrewery@internal.auth.d/" + nick).value();
}

xmpp::MucPresence presence(const std::string& nick, Stats stats = {
                                                        {"drain", "false"}
}) {
  return {.occupant = occupant(nick), .nick = EndpointId(nick), .stats = std::move(stats)};
}

struct Recorder : BridgeList::Port {
  void check_health(const xmpp::Jid& bridge) override { note("check ", bridge); }
  void on_bridge_available() override { log.emplace_back("available"); }
  void on_bridge_lost(const xmpp::Jid& bridge) override { note("lost ", bridge); }
  void note(std::string what, const xmpp::Jid& bridge) {
    log.push_back(std::move(what) + std::string(bridge.resource()));
  }
  std::vector<std::string> take() { return std::exchange(log, {}); }
  std::vector<std::string> log;
};

class BridgeListTest : public testing::Test {
protected:
  void run_for(Duration duration) {
    const TimePoint end = clock.now() + duration;
    while (bridges.next_wakeup() && *bridges.next_wakeup() <= end) {
      clock.time = std::max(clock.now(), *bridges.next_wakeup());
      bridges.on_wakeup();
    }
    clock.time = end;
  }
  std::string selected(const Wish& wish = {}) const {
    const auto jid = bridges.select(wish);
    return jid ? std::string(jid->resource()) : "none";
  }
  FakeClock clock;
  Recorder port;
  BridgeList bridges{clock, port};
};

// Focus checklist: 155
TEST_F(BridgeListTest, LearnsBridgesFromPresenceStatistics) {
  bridges.on_presence(presence("focus", {}));  // no statistics: not a bridge
  EXPECT_EQ(selected(), "none");
  bridges.on_presence(presence("a"));
  EXPECT_EQ(selected(), "a");
  EXPECT_THAT(port.take(), ElementsAre("available"));
  bridges.on_presence(presence("a"));
  EXPECT_THAT(port.take(), IsEmpty()) << "a repeated presence is no news";
}

// Focus checklist: 156
TEST_F(BridgeListTest, ABridgeThatDoesNotMentionDrainIsALastResort) {
  bridges.on_presence(presence("silent", {
                                             {"stress_level", "0"}
  }));
  EXPECT_EQ(selected(), "silent");
  bridges.on_presence(presence("open", {
                                           {"stress_level", "0.9"  },
                                           {"drain",        "false"}
  }));
  EXPECT_EQ(selected(), "open");
  bridges.on_presence(presence("silent", {
                                             {"drain", "false"}
  }));
  EXPECT_EQ(selected(), "silent") << "and its stress is remembered";
}

// Focus checklist: 157
TEST_F(BridgeListTest, ShuttingDownIsNeverChosenAndSticks) {
  bridges.on_presence(presence("a", {
                                        {"drain",         "false"},
                                        {"shutting_down", "true" }
  }));
  EXPECT_EQ(selected(), "none");
  EXPECT_THAT(port.take(), IsEmpty());
  bridges.on_presence(presence("a", {
                                        {"shutting_down", "false"}
  }));
  EXPECT_EQ(selected(), "none");
  bridges.on_presence(presence("b"));
  port.take();
  bridges.on_presence(presence("b", {
                                        {"shutting_down", "true"}
  }));
  EXPECT_THAT(port.take(), ElementsAre("lost b"));
  bridges.on_presence({.occupant = occupant("b"), .available = false});
  EXPECT_THAT(port.take(), IsEmpty()) << "its conferences have moved already";
  EXPECT_EQ(bridges.lost(), 0U);
}

// Focus checklist: 157
TEST_F(BridgeListTest, GracefulShutdownComesAfterTheOthers) {
  bridges.on_presence(presence("a", {
                                        {"drain",             "false"},
                                        {"graceful_shutdown", "true" }
  }));
  EXPECT_EQ(selected(), "a");
  bridges.on_presence(presence("b", {
                                        {"drain",        "false"},
                                        {"stress_level", "0.99" }
  }));
  EXPECT_EQ(selected(), "b");
}

// Focus checklist: 158
TEST_F(BridgeListTest, AConferenceStaysWhereItIs) {
  bridges.on_presence(presence("a", {
                                        {"drain",        "true"},
                                        {"stress_level", "1.5" }
  }));
  bridges.on_presence(presence("b"));
  EXPECT_EQ(selected({.current = occupant("a")}), "a");
  bridges.mark_failed(occupant("a"));
  EXPECT_EQ(selected({.current = occupant("a")}), "b");
}

// Focus checklist: 159, 160
TEST_F(BridgeListTest, ChoosesTheLeastStressCountingFreshEndpoints) {
  bridges.on_presence(presence(
      "a", {
               {"drain",                      "false"},
               {"stress_level",               "0.10" },
               {"average_participant_stress", "0.05" }
  }));
  bridges.on_presence(presence("b", {
                                        {"drain",        "false"},
                                        {"stress_level", "0.18" }
  }));
  EXPECT_EQ(selected(), "a");
  bridges.on_endpoint_added(occupant("a"));
  EXPECT_EQ(selected(), "a");
  bridges.on_endpoint_added(occupant("a"));
  EXPECT_EQ(selected(), "b");
  clock.advance(20s);
  EXPECT_EQ(selected(), "a") << "by then the endpoints are part of the reported stress";
}

// Focus checklist: 166
TEST_F(BridgeListTest, PrefersTheRegionOfTheParticipant) {
  bridges.on_presence(presence("a", {
                                        {"drain",        "false"},
                                        {"region",       "eu"   },
                                        {"stress_level", "0.5"  }
  }));
  bridges.on_presence(presence("b", {
                                        {"drain",  "false"},
                                        {"region", "us"   }
  }));
  EXPECT_EQ(selected({.region = "eu"}), "a");
  EXPECT_EQ(selected({.region = "af"}), "b");
  EXPECT_EQ(selected(), "b");
}

TEST_F(BridgeListTest, UnreadableStatisticsChangeNothing) {
  bridges.on_presence(presence("a", {
                                        {"drain",        "false"},
                                        {"stress_level", "0.3"  }
  }));
  bridges.on_presence(presence("b", {
                                        {"drain",        "false"},
                                        {"stress_level", "0.2"  }
  }));
  for (const std::string value : {"", "nan", "-5", "1e99", "0.1x", "0,1"}) {
    SCOPED_TRACE(value);
    bridges.on_presence(presence("a", {
                                          {"drain",        "perhaps"},
                                          {"stress_level", value    }
    }));
    EXPECT_EQ(selected(), "b");
  }
}

// Focus checklist: 162
TEST_F(BridgeListTest, ABridgeThatLeavesOrComesBackUnderItsNameIsLost) {
  bridges.on_presence(presence("a"));
  port.take();
  bridges.on_presence({.occupant = occupant("a"), .available = false});
  EXPECT_THAT(port.take(), ElementsAre("lost a"));
  EXPECT_EQ(bridges.lost(), 1U);

  auto first_life = presence("b");
  first_life.real_jid = xmpp::Jid::parse("jvb@auth.d/1");
  auto second_life = presence("b");
  second_life.real_jid = xmpp::Jid::parse("jvb@auth.d/2");
  bridges.on_presence(first_life);
  port.take();
  bridges.on_presence(second_life);
  EXPECT_THAT(port.take(), ElementsAre("lost b", "available"));
}

// Focus checklist: 163
TEST_F(BridgeListTest, AFailedBridgeIsAvoidedFor60Seconds) {
  bridges.on_presence(presence("a"));
  port.take();
  bridges.mark_failed(occupant("a"));
  EXPECT_EQ(bridges.operational(), 0U);
  run_for(59s);
  EXPECT_EQ(selected(), "none");
  port.take();
  run_for(1s);
  EXPECT_EQ(selected(), "a");
  EXPECT_THAT(port.take(), testing::Contains("available"));
}

// Focus checklist: 164
TEST_F(BridgeListTest, AsksForHealthEvery10SecondsAfterTheLastAnswer) {
  bridges.on_presence(presence("a"));
  port.take();
  run_for(10s);
  EXPECT_THAT(port.take(), ElementsAre("check a"));
  run_for(30s);
  EXPECT_THAT(port.take(), IsEmpty()) << "one question at a time";
  bridges.on_health(occupant("a"), Health::good);
  run_for(10s);
  EXPECT_THAT(port.take(), ElementsAre("check a"));
  EXPECT_EQ(selected(), "a");
}

// Focus checklist: 164
TEST_F(BridgeListTest, SilenceCountsTheSecondTimeAndMovesNothing) {
  bridges.on_presence(presence("a"));
  port.take();
  run_for(10s);
  bridges.on_health(occupant("a"), Health::silent);
  EXPECT_EQ(selected(), "a");
  run_for(5s);
  EXPECT_THAT(port.take(), ElementsAre("check a", "check a"));
  bridges.on_health(occupant("a"), Health::silent);
  EXPECT_EQ(selected(), "none");
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 162, 165
TEST_F(BridgeListTest, AnIllBridgeLosesItsConferencesAndMayRecover) {
  bridges.on_presence(presence("a"));
  run_for(10s);
  port.take();
  bridges.on_health(occupant("a"), Health::bad);
  EXPECT_THAT(port.take(), ElementsAre("lost a"));
  EXPECT_EQ(selected(), "none");
  for (int i = 0; i < 6; ++i) {
    run_for(10s);
    bridges.on_health(occupant("a"), Health::good);
  }
  EXPECT_EQ(selected(), "a");
  EXPECT_THAT(port.take(), testing::Contains("available"));
}

TEST_F(BridgeListTest, OtherErrorsAndLateAnswersToHealthChecksMeanNothing) {
  bridges.on_presence(presence("a"));
  bridges.on_health(occupant("a"), Health::bad);  // never asked
  EXPECT_EQ(selected(), "a");
  run_for(10s);
  bridges.on_health(occupant("a"), Health::unclear);
  bridges.on_health(occupant("gone"), Health::bad);
  EXPECT_EQ(selected(), "a");
}

}  // namespace
}  // namespace cloister::focus::bridges
