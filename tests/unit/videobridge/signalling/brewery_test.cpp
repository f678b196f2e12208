#include "videobridge/signalling/brewery.h"

#include <gtest/gtest.h>

#include "support/fake_session.h"

namespace cloister::videobridge::signalling {
namespace {

using support::FakeSession;

class BreweryTest : public testing::Test {
protected:
  static xmpp::Jid occupant() { return xmpp::Jid::parse("jvbbrewery@internal.auth.d/bridge-1").value(); }

  net::Reactor reactor_;
  FakeSession session_;
  Brewery brewery_{reactor_, session_, occupant(), [this] {
                     return Brewery::Stats{
                         {"stress_level", "0.0"                   },
                         {"asked",        std::to_string(++asked_)}
                     };
                   }};
  int asked_ = 0;
};

// Checklist: 3
TEST_F(BreweryTest, TheFirstPresenceAlreadyCarriesStatistics) {
  brewery_.on_online();
  ASSERT_EQ(session_.published.size(), 1U);
  EXPECT_TRUE(session_.published[0].join);
  EXPECT_EQ(session_.published[0].occupant, occupant());
  EXPECT_TRUE(session_.published[0].content.stats.contains("stress_level"));
}

TEST_F(BreweryTest, PublishesFreshStatisticsOnceInside) {
  brewery_.on_online();
  session_.admit(occupant());
  ASSERT_EQ(session_.published.size(), 2U);
  EXPECT_FALSE(session_.published[1].join);
  EXPECT_EQ(session_.published[1].content.stats.at("asked"), "2");
  EXPECT_TRUE(brewery_.inside());
}

// Checklist: 6
TEST_F(BreweryTest, JoinsAgainAfterTheConnectionCameBack) {
  brewery_.on_online();
  session_.admit(occupant());
  brewery_.on_offline();
  EXPECT_FALSE(brewery_.inside());
  brewery_.on_online();
  EXPECT_TRUE(session_.published.back().join);
}

// Checklist: 7
TEST_F(BreweryTest, LeavesWhenTold) {
  brewery_.on_online();
  session_.admit(occupant());
  brewery_.leave();
  EXPECT_EQ(session_.left, std::vector{occupant()});
}

}  // namespace
}  // namespace cloister::videobridge::signalling
