// What an operator sees of conferences, and decides for them (protocol/bridge.md §1.2, §13, §15).
#include <gtest/gtest.h>

#include <numeric>

#include "simulation.h"

namespace cloister::videobridge::conference {
namespace {

constexpr std::uint8_t kSpeech = 30;

std::int64_t count(const Simulation& sim, Headcount head) {
  return sim.counters.headcounts[static_cast<std::size_t>(head)].value();
}

std::size_t seen_by(Simulation& sim, Participant& receiver, const std::vector<Participant*>& all) {
  sim.run_for(500ms);
  receiver.clear();
  sim.run_for(500ms);
  std::size_t out = 0;
  for (const Participant* one : all) out += receiver.count(one->video_ssrc(0)) > 0 ? 1 : 0;
  return out;
}

TEST(Headcounts, TellWhoSendsWhatAndForgetThoseWhoLeave) {
  Simulation sim;
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob", {.sends_video = false});
  sim.join("viewer", {.sends_video = false, .sends_audio = false});
  sim.join("guest", {.sends_video = false, .sends_audio = false, .role = "visitor"});
  alice.speak(kSpeech);
  bob.speak(kSpeech);
  sim.run_for(2s);
  EXPECT_EQ(count(sim, Headcount::endpoints_sending_audio), 2);
  EXPECT_EQ(count(sim, Headcount::endpoints_sending_video), 1);
  EXPECT_EQ(count(sim, Headcount::local_active_endpoints), 4);
  EXPECT_EQ(count(sim, Headcount::visitors), 1);
  EXPECT_EQ(count(sim, Headcount::receive_only_endpoints), 1);
  EXPECT_EQ(count(sim, Headcount::inactive_conferences), 0);
  EXPECT_EQ(count(sim, Headcount::round_trips), 4);
  EXPECT_EQ(count(sim, Headcount::video_streams), 3);
  EXPECT_EQ(sim.counters.conferences_by_size.sum.value(), 4);
  EXPECT_EQ(sim.counters.visitors.value(), 1U);

  alice.vanish();
  sim.run_for(11s);
  EXPECT_EQ(count(sim, Headcount::endpoints_sending_video), 0);
  EXPECT_EQ(count(sim, Headcount::local_active_endpoints), 3);

  for (const char* id : {"alice", "bob", "viewer", "guest"}) sim.expire(id);
  ASSERT_EQ(sim.table->size(), 0U);
  for (std::size_t i = 0; i < kHeadcounts; ++i) EXPECT_EQ(sim.counters.headcounts[i].value(), 0) << i;
  for (const Gauge& bucket : sim.counters.conferences_by_size.conferences) EXPECT_EQ(bucket.value(), 0);
  EXPECT_EQ(sim.counters.conferences_by_size.sum.value(), 0);
}

TEST(Headcounts, KeyFramesAndTheTimeOfVideoAreCounted) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  all[1]->want(180);
  const std::uint64_t before = sim.counters.video_stream_milliseconds_received.value();
  sim.run_for(4s);
  // Two cameras of three encodings.
  EXPECT_NEAR(static_cast<double>(sim.counters.video_stream_milliseconds_received.value() - before), 6 * 4000,
              3000);
  EXPECT_GT(sim.counters.key_frames_received.value(), 0U);
  EXPECT_GT(sim.counters.incoming_expected.value(), 0U);
  EXPECT_EQ(sim.counters.incoming_lost.value(), 0U);
}

TEST(Limits, LargerConferencesMayShowFewerVideos) {
  Simulation sim({
      .last_n_by_size = {{.participants = 3, .last_n = 1}, {.participants = 10, .last_n = 0}}
  });
  auto all = sim.join_all({"alice", "bob"});
  all[0]->want(180);
  EXPECT_EQ(seen_by(sim, *all[0], all), 1U);
  all.push_back(&sim.join("carol"));
  all.push_back(&sim.join("dave"));
  EXPECT_EQ(seen_by(sim, *all[0], all), 1U);
}

// Checklist: 224
TEST(Limits, OverloadHidesVideosAndLeavesVoices) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob", "carol"});
  for (Participant* one : all) one->speak(kSpeech);
  all[0]->want(180);
  EXPECT_EQ(seen_by(sim, *all[0], all), 2U);
  const auto limit = [&](int last_n) {
    sim.settings.load_last_n = last_n;
    sim.table->on_settings_changed(sim.now);
  };
  limit(1);
  EXPECT_EQ(seen_by(sim, *all[0], all), 1U);
  limit(0);
  EXPECT_EQ(seen_by(sim, *all[0], all), 0U);
  EXPECT_GT(all[0]->count(all[1]->audio_ssrc()), 10U);
  EXPECT_GT(all[0]->count(all[2]->audio_ssrc()), 10U);
  limit(bandwidth::kUnlimited);
  EXPECT_EQ(seen_by(sim, *all[0], all), 2U) << "they come back";
}

TEST(Limits, TheStrictestOneHolds) {
  const ConferenceSettings settings{
      .last_n = {.bridge = 20}, .last_n_by_size = {{.participants = 10, .last_n = 8}}, .load_last_n = 12};
  EXPECT_EQ(settings.limits(5).bridge, 12);
  EXPECT_EQ(settings.limits(5).conference, bandwidth::kUnlimited);
  EXPECT_EQ(settings.limits(10).conference, 8);
  EXPECT_EQ(bandwidth::effective_last_n(bandwidth::kUnlimited, settings.limits(10)), 8);
}

TEST(Limits, AFullConferenceRefusesTheNextAndGrowsWhenItMay) {
  Simulation sim({.max_endpoints = 1});
  sim.join("alice");
  xmpp::colibri2::Endpoint bob;
  bob.id = EndpointId("bob");
  bob.create = true;
  bob.capabilities = {"source-names"};
  bob.transport.emplace();
  const auto refused = sim.modify(bob);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().condition, xmpp::ErrorCondition::resource_constraint);
  sim.settings.max_endpoints = 2;
  EXPECT_TRUE(sim.modify(bob));
}

// Checklist: 222
TEST(Limits, AFloodOfBytesIsCutOffAndTheOthersDoNotNotice) {
  Simulation sim({
      .channel = {.bytes_per_second = 1024, .byte_burst = 4096}
  });
  const auto all = sim.join_all({"flooder", "alice", "bob"});
  const std::string large =
      R"({"colibriClass":"EndpointMessage","to":"","msgPayload":")" + std::string(1500, 'x') + "\"}";
  for (int i = 0; i < 20; ++i) all[0]->send_message(large);
  all[1]->send_message(R"({"colibriClass":"EndpointMessage","to":"bob","msgPayload":1})");
  sim.run_for(200ms);
  std::size_t from_flooder = 0;
  std::size_t from_alice = 0;
  for (const auto& message : all[2]->messages_of("EndpointMessage"))
    ++(message.at("from") == "flooder" ? from_flooder : from_alice);
  EXPECT_EQ(from_flooder, 2U);
  EXPECT_EQ(from_alice, 1U);
  EXPECT_EQ(sim.counters.message_drops.value(MessageDrop::too_many), 18U);
  sim.run_for(2s);
  all[0]->send_message(large);
  sim.run_for(200ms);
  EXPECT_EQ(all[2]->messages_of("EndpointMessage").size(), 4U) << "what is used up comes back with time";
}

}  // namespace
}  // namespace cloister::videobridge::conference
