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
  bool relieve(const xmpp::Jid& bridge) override {
    note("relieve ", bridge);
    return conferences-- > 0;
  }
  void note(std::string what, const xmpp::Jid& bridge) {
    log.push_back(std::move(what) + std::string(bridge.resource()));
  }
  std::vector<std::string> take() { return std::exchange(log, {}); }
  std::vector<std::string> log;
  int conferences = 0;  // of the bridge that is relieved
};

class BridgeListTest : public testing::Test {
protected:
  explicit BridgeListTest(BridgeSettings with = {}) : settings(std::move(with)) {}
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
  const BridgeSettings settings;
  BridgeList bridges{clock, port, settings};
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
  EXPECT_EQ(selected({.used = {{.bridge = occupant("a")}}}), "a");
  bridges.mark_failed(occupant("a"));
  EXPECT_EQ(selected({.used = {{.bridge = occupant("a")}}}), "b");
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

// Health that is told, not asked for

class HealthByPresence : public BridgeListTest {
protected:
  HealthByPresence() : BridgeListTest({.health_by_presence = true}) {}
  void says(const std::string& healthy) {
    bridges.on_presence(presence("a", {
                                          {"drain",   "false"},
                                          {"healthy", healthy}
    }));
  }
};

// Focus checklist: 162, 163, 165
TEST_F(HealthByPresence, ABridgeThatSaysItIsIllLosesItsConferencesUntilItIsWellForAMinute) {
  says("true");
  port.take();
  says("false");
  EXPECT_THAT(port.take(), ElementsAre("lost a"));
  EXPECT_EQ(selected(), "none");
  run_for(30s);
  says("false");
  EXPECT_THAT(port.take(), IsEmpty()) << "it has none any more";
  says("true");
  run_for(30s);
  EXPECT_EQ(selected(), "none") << "a minute after it said so last";
  says("true");
  run_for(30s);
  EXPECT_EQ(selected(), "a");
}

// Focus checklist: 162
TEST_F(HealthByPresence, ABridgeThatFallsSilentIsLost) {
  says("true");
  port.take();
  run_for(40s);
  says("true");
  run_for(44s);
  EXPECT_THAT(port.take(), IsEmpty()) << "and nobody asks it";
  run_for(1s);
  EXPECT_THAT(port.take(), ElementsAre("lost a"));
  EXPECT_EQ(selected(), "none");
}

// Relief

class Relief : public BridgeListTest {
protected:
  using BridgeListTest::BridgeListTest;
  void reports(const std::string& nick, const std::string& drain, const std::string& stress = "0.1") {
    bridges.on_presence(presence(nick, {
                                           {"drain",        drain },
                                           {"stress_level", stress}
    }));
  }
  // Without the questions about health, which are another matter.
  std::vector<std::string> moves() {
    auto log = port.take();
    std::erase_if(log, [](const std::string& line) { return !line.starts_with("relieve"); });
    return log;
  }
};

TEST_F(Relief, ADrainingBridgeGivesItsConferencesAwayOneByOne) {
  reports("a", "true");
  port.conferences = 100;
  run_for(30s);
  EXPECT_THAT(moves(), IsEmpty()) << "there is no other";
  reports("b", "false");
  run_for(10s);
  port.take();
  run_for(2s);
  EXPECT_THAT(moves(), ElementsAre("relieve a", "relieve a")) << "one a second";
  reports("a", "false");
  run_for(60s);
  EXPECT_THAT(moves(), IsEmpty()) << "not any more";
}

TEST_F(Relief, NobodyIsSentToABridgeThatIsFullOrDrainsItself) {
  reports("a", "true");
  reports("b", "false", "0.9");
  reports("c", "true");
  run_for(60s);
  EXPECT_THAT(moves(), IsEmpty());
}

TEST_F(Relief, ABridgeThatNeverSpokeOfDrainingIsLeftAlone) {
  bridges.on_presence(presence("a", {
                                        {"stress_level", "0.1"}
  }));
  reports("b", "false");
  run_for(60s);
  EXPECT_THAT(moves(), IsEmpty());
}

class RelievingOverload : public Relief {
protected:
  RelievingOverload() : Relief({.relieve_from = 0.9}) {}
};
// Focus checklist: 166
TEST_F(RelievingOverload, ABridgeWithTooMuchGivesOneConferenceEveryThreeMinutes) {
  port.conferences = 10;
  reports("a", "false", "0.95");
  reports("b", "false");
  run_for(5min);
  EXPECT_THAT(moves(), ElementsAre("relieve a", "relieve a"));
  reports("a", "false", "0.5");
  run_for(10min);
  EXPECT_THAT(moves(), IsEmpty());
}

}  // namespace
}  // namespace cloister::focus::bridges
