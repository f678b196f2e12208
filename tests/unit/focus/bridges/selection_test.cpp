// Which bridge a participant gets, where a conference may spread over several.
#include "focus/bridges/selection.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/fake_clock.h"

namespace cloister::focus::bridges {
namespace {

class SelectionTest : public testing::Test {
protected:
  void bridge(const std::string& nick, const std::string& region, double stress,
              const std::string& version = "1", bool relays = true) {
    Bridge& made = all.emplace_back(xmpp::Jid::parse("brewery@d/" + nick).value());
    made.on_stats({
        {"drain",        "false"               },
        {"region",       region                },
        {"stress_level", std::to_string(stress)},
        {"version",      version               },
        {"relay_id",     relays ? nick : ""    }
    });
  }
  Bridge& at(const std::string& nick) {
    return *std::ranges::find(all, nick, [](const Bridge& one) { return one.occupant().resource(); });
  }
  std::string chosen(const std::string& region, std::vector<std::pair<std::string, std::size_t>> used = {}) {
    std::vector<const Bridge*> bridges;
    for (const Bridge& one : all) bridges.push_back(&one);
    Wish wish{.region = region};
    for (const auto& [nick, participants] : used)
      wish.used.push_back({.bridge = at(nick).occupant(), .participants = participants});
    const Bridge* const best = select_bridge(bridges, wish, settings, clock.now());
    return best ? std::string(best->occupant().resource()) : "none";
  }

  support::FakeClock clock;
  std::vector<Bridge> all;
  SelectionSettings settings;
};

// Focus checklist: 159, 166
TEST_F(SelectionTest, SingleTakesTheRegionsLeastLoadedHoweverFullItIs) {
  bridge("eu1", "eu", 0.95);
  bridge("eu2", "eu", 0.9);
  bridge("us1", "us", 0.1);
  EXPECT_EQ(chosen("eu"), "eu2");
  EXPECT_EQ(chosen("us"), "us1");
  EXPECT_EQ(chosen("mars"), "us1");
}

// Focus checklist: 158
TEST_F(SelectionTest, AConferenceThatMayNotSpreadStaysAlsoByRegion) {
  settings.strategy = Strategy::region_based;
  bridge("eu1", "eu", 0.1);
  bridge("us1", "us", 0.99);
  EXPECT_EQ(chosen("eu",
                   {
                       {"us1", 500}
  }),
            "us1");
}

class RegionBased : public SelectionTest {
protected:
  RegionBased() {
    settings.strategy = Strategy::region_based;
    settings.several_bridges = true;
    settings.region_groups = {
        {"eu", "uk"},
        {"us", "ca"}
    };
  }
};

// Focus checklist: 166
TEST_F(RegionBased, GoesOutwardsUntilThereIsRoom) {
  bridge("eu-used", "eu", 0.1);
  bridge("eu-free", "eu", 0.05);
  bridge("uk-used", "uk", 0.1);
  bridge("uk-free", "uk", 0.05);
  bridge("us-used", "us", 0.1);
  bridge("us-free", "us", 0.05);
  const std::vector<std::pair<std::string, std::size_t>> used{
      {"us-used", 1},
      {"eu-used", 1},
      {"uk-used", 1}
  };
  for (const char* best : {"eu-used", "uk-used", "eu-free", "uk-free", "us-used", "us-free"}) {
    EXPECT_EQ(chosen("eu", used), best);
    at(best).on_stats({
        {"stress_level", "0.8"}
    });
  }
  EXPECT_EQ(chosen("eu", used), "eu-used") << "all are full: one that has it already";
}

// Focus checklist: 166
TEST_F(RegionBased, EightyOfOneConferenceAreEnoughForABridge) {
  bridge("eu1", "eu", 0.1);
  bridge("eu2", "eu", 0.5);
  EXPECT_EQ(chosen("eu",
                   {
                       {"eu1", 79}
  }),
            "eu1");
  EXPECT_EQ(chosen("eu",
                   {
                       {"eu1", 80}
  }),
            "eu2");
}

// Focus checklist: 161
TEST_F(RegionBased, AConferenceKeepsToOneVersion) {
  bridge("old", "eu", 0.9, "1");
  bridge("new", "eu", 0.1, "2");
  EXPECT_EQ(chosen("eu"), "new");
  EXPECT_EQ(chosen("eu",
                   {
                       {"old", 1}
  }),
            "old");
  settings.mixed_versions = true;
  EXPECT_EQ(chosen("eu",
                   {
                       {"old", 1}
  }),
            "new");
}

TEST_F(RegionBased, TheFirstOneIsTakenToBeWhereTheFocusIs) {
  settings.local_region = "uk";
  bridge("eu1", "eu", 0.1);
  bridge("uk1", "uk", 0.5);
  bridge("us1", "us", 0.1);
  EXPECT_EQ(chosen("eu"), "uk1") << "as near";
  EXPECT_EQ(chosen("mars"), "uk1") << "nothing is nearer";
  EXPECT_EQ(chosen("us"), "us1");
  EXPECT_EQ(chosen("eu",
                   {
                       {"us1", 1}
  }),
            "eu1")
      << "later ones are where they are";
}

// Focus checklist: 157
TEST_F(RegionBased, DrainingAndEndingBridgesAreALastResortAlsoNearBy) {
  bridge("eu1", "eu", 0.1);
  bridge("us1", "us", 0.5);
  at("eu1").on_stats({
      {"drain", "true"}
  });
  EXPECT_EQ(chosen("eu"), "us1");
  at("us1").on_stats({
      {"graceful_shutdown", "true"}
  });
  EXPECT_EQ(chosen("eu"), "us1") << "draining is asked for; ending is not asked back";
  at("us1").on_stats({
      {"shutting_down", "true"}
  });
  EXPECT_EQ(chosen("eu"), "eu1");
}

// Focus checklist: 154, 158
TEST_F(RegionBased, BridgesThatDoNotRelayCarryWholeConferencesOnly) {
  bridge("eu1", "eu", 0.1);
  bridge("us1", "us", 0.1, "1", false);
  EXPECT_EQ(chosen("us"), "us1") << "a conference that begins";
  EXPECT_EQ(chosen("us",
                   {
                       {"eu1", 2}
  }),
            "eu1");
  EXPECT_EQ(chosen("eu",
                   {
                       {"us1", 2}
  }),
            "us1");
}

}  // namespace
}  // namespace cloister::focus::bridges
