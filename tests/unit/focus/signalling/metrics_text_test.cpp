#include "focus/signalling/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "support/fake_clock.h"

namespace cloister::focus::signalling {
namespace {

using testing::HasSubstr;

struct Nobody : bridges::BridgeList::Port {
  void check_health(const xmpp::Jid&) override {}
  void on_bridge_available() override {}
  void on_bridge_lost(const xmpp::Jid&) override {}
  bool relieve(const xmpp::Jid&) override { return false; }
};

class FiguresTest : public testing::Test {
protected:
  FiguresTest() {
    bridges.on_presence({.occupant = xmpp::Jid::parse("brewery@d/b").value(),
                         .nick = EndpointId("b"),
                         .stats = {{"version", "1"}}});
    counters.participants.add(7);
    counters.conferences.add(3);
    counters.participants_moved.add(2);
  }
  Figures figures() const {
    return {
        .counters = counters, .bridges = bridges, .sizes = {2, 3, 50},
                .healthy = true
    };
  }
  support::FakeClock clock;
  Nobody nobody;
  bridges::BridgeList bridges{clock, nobody};
  room::Counters counters;
};

// Focus checklist: 186
TEST_F(FiguresTest, MetricsHaveTheNamesThatDashboardsKnow) {
  const std::string text = metrics_text(figures());
  for (const char* line :
       {"\njitsi_jicofo_conferences 3\n", "\njitsi_jicofo_participants 7\n",
        "\njitsi_jicofo_largest_conference 50\n", "\njitsi_jicofo_participants_pairs 2458\n",
        "\njitsi_jicofo_participants_moved 2\n", "\njitsi_jicofo_bridge_selector_bridge_count 1\n",
        "\njitsi_jicofo_bridge_selector_bridge_version_count 1\n", "\njitsi_jicofo_healthy 1\n",
        "# TYPE jitsi_jicofo_conferences gauge\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

// Focus checklist: 187
TEST_F(FiguresTest, StatsSayTheSameAsJson) {
  const auto stats = boost::json::parse(stats_json(figures())).as_object();
  EXPECT_EQ(stats.at("conferences"), 3);
  EXPECT_EQ(stats.at("total_participants"), 7U);
  EXPECT_EQ(stats.at("largest_conference"), 50U);
  EXPECT_EQ(stats.at("endpoint_pairs"), 2458U);
  EXPECT_EQ(stats.at("conference_sizes").at(2), 1U);
  EXPECT_EQ(stats.at("conference_sizes").at(21), 1U) << "and larger ones";
  EXPECT_EQ(stats.at("bridge_failures").at("participants_moved"), 2U);
  EXPECT_EQ(stats.at("bridge_selector").at("bridge_count"), 1U);
  EXPECT_EQ(stats.at("healthy"), true);
}

}  // namespace
}  // namespace cloister::focus::signalling
