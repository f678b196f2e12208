#include "videobridge/signalling/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <clocale>
#include <regex>
#include <set>

#include "operator_support.h"

namespace cloister::videobridge::signalling {
namespace {

using boost::json::kind;
using conference::Headcount;
using testing::HasSubstr;

// protocol/bridge.md §1.2, but for `relay_id` and `release`, which a bridge without them does not tell.
constexpr const char* kIntegers[] = {"threads",
                                     "muc_clients_configured",
                                     "muc_clients_connected",
                                     "mucs_configured",
                                     "mucs_joined",
                                     "conferences",
                                     "endpoints",
                                     "participants",
                                     "local_endpoints",
                                     "local_active_endpoints",
                                     "visitors",
                                     "receive_only_endpoints",
                                     "inactive_endpoints",
                                     "inactive_conferences",
                                     "p2p_conferences",
                                     "octo_conferences",
                                     "octo_endpoints",
                                     "endpoints_sending_audio",
                                     "endpoints_sending_video",
                                     "endpoints_with_high_outgoing_loss",
                                     "endpoints_with_suspended_sources",
                                     "num_eps_oversending",
                                     "largest_conference",
                                     "bit_rate_download",
                                     "bit_rate_upload",
                                     "packet_rate_download",
                                     "packet_rate_upload",
                                     "octo_receive_bitrate",
                                     "octo_send_bitrate",
                                     "octo_receive_packet_rate",
                                     "octo_send_packet_rate",
                                     "total_conferences_created",
                                     "total_conferences_completed",
                                     "total_conference_seconds",
                                     "total_participants",
                                     "total_visitors",
                                     "total_relays",
                                     "total_ice_succeeded",
                                     "total_ice_succeeded_relayed",
                                     "total_ice_failed",
                                     "endpoints_ice_failed",
                                     "relays_ice_failed",
                                     "dtls_failed_endpoints",
                                     "dtls_failed_relays",
                                     "num_eps_no_msg_transport_after_delay",
                                     "num_relays_no_msg_transport_after_delay",
                                     "endpoints_disconnected",
                                     "endpoints_reconnected",
                                     "endpoints_with_spurious_remb",
                                     "total_keyframes_received",
                                     "total_layering_changes_received",
                                     "total_video_stream_milliseconds_received",
                                     "preemptive_kfr_sent",
                                     "preemptive_kfr_suppressed",
                                     "tcc_unmatched_feedback",
                                     "total_dominant_speaker_changes",
                                     "total_data_channel_messages_received",
                                     "total_data_channel_messages_sent",
                                     "total_colibri_web_socket_messages_received",
                                     "total_colibri_web_socket_messages_sent",
                                     "total_bytes_received",
                                     "total_bytes_sent",
                                     "total_packets_received",
                                     "total_packets_sent",
                                     "total_bytes_received_octo",
                                     "total_bytes_sent_octo",
                                     "total_packets_received_octo",
                                     "total_packets_sent_octo"};
constexpr const char* kDecimals[] = {"stress_level",  "average_participant_stress",
                                     "incoming_loss", "outgoing_loss",
                                     "overall_loss",  "rtt_aggregate"};
constexpr const char* kFlags[] = {"healthy", "drain", "graceful_shutdown", "shutting_down"};
constexpr const char* kTexts[] = {"version", "region", "current_timestamp"};

Gauge& headcount(shard::ShardCounters& shard, Headcount head) {
  return shard.conference.headcounts[static_cast<std::size_t>(head)];
}

class StatisticsTest : public testing::Test {
protected:
  boost::json::object json() { return boost::json::parse(shards.statistics.json(bridge.now)).as_object(); }
  void refresh() { shards.statistics.refresh(now += 5s, std::chrono::system_clock::from_time_t(86399)); }

  TwoShards shards;
  FakeBridge bridge;
  TimePoint now{1000s};
};

// Checklist: 22
TEST_F(StatisticsTest, EveryKeyIsThereInItsType) {
  refresh();
  const boost::json::object stats = json();
  for (const char* key : kIntegers) EXPECT_TRUE(stats.contains(key) && stats.at(key).is_int64()) << key;
  for (const char* key : kDecimals) EXPECT_TRUE(stats.contains(key) && stats.at(key).is_double()) << key;
  for (const char* key : kFlags) EXPECT_TRUE(stats.contains(key) && stats.at(key).is_bool()) << key;
  for (const char* key : kTexts) EXPECT_TRUE(stats.contains(key) && stats.at(key).is_string()) << key;
  EXPECT_EQ(stats.at("current_timestamp"), "1970-01-01 23:59:59.000");
  EXPECT_EQ(stats.size(),
            std::size(kIntegers) + std::size(kDecimals) + std::size(kFlags) + std::size(kTexts));
}

// Checklist: 2, 3, 9, 10
TEST_F(StatisticsTest, PresenceSaysTheSameAsText) {
  refresh();
  const auto presence = shards.statistics.presence(bridge.now);
  EXPECT_EQ(presence.at("drain"), "false");
  EXPECT_EQ(presence.at("healthy"), "true");
  EXPECT_EQ(presence.at("region"), "here");
  EXPECT_EQ(presence.at("version"), CLOISTER_VERSION);
  EXPECT_FALSE(presence.contains("relay_id"));
  EXPECT_EQ(presence.size(), json().size());
}

// Checklist: 9, 10
TEST_F(StatisticsTest, ABridgeThatRelaysSaysByWhichId) {
  bridge.now.relay_id = "bridge-1";
  refresh();
  EXPECT_EQ(shards.statistics.presence(bridge.now).at("relay_id"), "bridge-1");
}

// Checklist: 5
TEST_F(StatisticsTest, StressHasAPointInEveryLocale) {
  for (const char* locale : {"C", "de_DE.UTF-8"}) {
    std::setlocale(LC_ALL, locale);
    EXPECT_EQ(shards.statistics.presence(bridge.now).at("stress_level"), "0.250") << locale;
  }
  std::setlocale(LC_ALL, "C");
}

// Checklist: 8
TEST_F(StatisticsTest, ShutdownShowsInItsTwoSteps) {
  const auto shown = [&] {
    const auto presence = shards.statistics.presence(bridge.now);
    return presence.at("graceful_shutdown") + " " + presence.at("shutting_down");
  };
  EXPECT_EQ(shown(), "false false");
  bridge.now.phase = Phase::graceful_shutdown;
  EXPECT_EQ(shown(), "true false");
  bridge.now.phase = Phase::shutting_down;
  EXPECT_EQ(shown(), "true true");
}

TEST_F(StatisticsTest, ShardsAddUpButForTheLargestConference) {
  shards.first.conference.endpoints.add(3);
  shards.second.conference.endpoints.add(4);
  shards.first.conference.largest_conference.set(3);
  shards.second.conference.largest_conference.set(2);
  headcount(shards.first, Headcount::endpoints_sending_audio).add(2);
  headcount(shards.second, Headcount::endpoints_sending_audio).add(1);
  const boost::json::object stats = json();
  EXPECT_EQ(stats.at("participants"), 7);
  EXPECT_EQ(stats.at("largest_conference"), 3);
  EXPECT_EQ(stats.at("endpoints_sending_audio"), 3);
}

TEST_F(StatisticsTest, RatesAndLossAreOfTheLastInterval) {
  auto& in = shards.first.conference;
  in.bytes_received.add(1'000'000);
  refresh();
  in.bytes_received.add(5 * 125'000);
  shards.second.conference.packets_sent.add(500);
  in.incoming_expected.add(1000);
  in.incoming_lost.add(100);
  in.outgoing_reported.add(1000);
  headcount(shards.first, Headcount::round_trips).add(2);
  headcount(shards.first, Headcount::round_trip_milliseconds).add(60);
  refresh();
  const boost::json::object stats = json();
  EXPECT_EQ(stats.at("bit_rate_download"), 1000) << "kbit/s";
  EXPECT_EQ(stats.at("packet_rate_upload"), 100);
  EXPECT_DOUBLE_EQ(stats.at("incoming_loss").as_double(), 0.1);
  EXPECT_DOUBLE_EQ(stats.at("outgoing_loss").as_double(), 0);
  EXPECT_DOUBLE_EQ(stats.at("overall_loss").as_double(), 0.05);
  EXPECT_DOUBLE_EQ(stats.at("rtt_aggregate").as_double(), 30);
  refresh();
  EXPECT_EQ(json().at("bit_rate_download"), 0);
}

// Checklist: 23
TEST_F(StatisticsTest, MetricsCarryTheFamiliarNamesAndNobodysName) {
  shards.first.conference.conferences_created.add(2);
  shards.first.conference.participants.add(5);
  refresh();
  const std::string text = shards.statistics.metrics(MetricsText::Format::prometheus, bridge.now);
  for (const char* line :
       {"\njitsi_jvb_stress 0.25\n", "\njitsi_jvb_healthy 1\n", "\njitsi_jvb_current_endpoints 0\n",
        "\njitsi_jvb_endpoints_total 5\n", "\njitsi_jvb_conferences_created_total 2\n",
        "\njitsi_jvb_largest_conference 0\n", "\njitsi_jvb_endpoints_sending_audio 0\n",
        "\njitsi_jvb_packets_received_total 0\n", "\njitsi_jvb_average_rtt 0\n", "\njitsi_jvb_drain_mode 0\n",
        "\njitsi_jvb_conferences_by_size_bucket{le=\"+Inf\"} 0\n"})
    EXPECT_THAT(text, HasSubstr(line));
  // The only labels: bounds of histograms, and words from our own list of reasons.
  const std::regex labels(R"(\{([^}]*)\})");
  const std::regex allowed(R"re(le="([0-9]+\.0|\+Inf)"|reason="[a-z_0-9]+")re");
  for (std::sregex_iterator at(text.begin(), text.end(), labels), end; at != end; ++at)
    EXPECT_TRUE(std::regex_match((*at)[1].str(), allowed)) << (*at)[1];
}

// A scraper refuses a page that tells a family twice.
TEST_F(StatisticsTest, EveryMetricIsToldOnceAndWithItsType) {
  refresh();
  const std::string text = shards.statistics.metrics(MetricsText::Format::open_metrics, bridge.now);
  const std::regex type(R"(# TYPE ([a-z_]+) (gauge|counter|histogram)\n)");
  std::set<std::string> families;
  for (std::sregex_iterator at(text.begin(), text.end(), type), end; at != end; ++at)
    EXPECT_TRUE(families.insert((*at)[1]).second) << (*at)[1];
  EXPECT_GT(families.size(), 60U);
}

}  // namespace
}  // namespace cloister::videobridge::signalling
