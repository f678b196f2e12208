#include "videobridge/conference/conference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

#include "simulation.h"

namespace cloister::videobridge::conference {
namespace {

using bandwidth::kUnlimited;
using boost::json::object;

constexpr std::uint8_t kSpeech = 30;
constexpr std::uint8_t kQuiet = 90;

std::set<Ssrc> ssrcs(const Participant& participant) {
  std::set<Ssrc> out;
  for (const ReceivedPacket& packet : participant.packets) out.insert(packet.ssrc);
  return out;
}

// No number is missing and none comes twice.
void expect_gapless(const Participant& participant, Ssrc ssrc) {
  std::optional<std::uint16_t> last;
  for (const ReceivedPacket& packet : participant.packets) {
    if (packet.ssrc != ssrc) continue;
    if (last) {
      ASSERT_EQ(packet.sequence, static_cast<std::uint16_t>(*last + 1));
    }
    last = packet.sequence;
  }
}

// Checklist: 102, 103, 202
TEST(Conference, ThreeParticipantsHearAndSeeEachOtherUnderTheirOwnSsrcs) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob", "carol"});
  for (Participant* one : all) {
    one->speak(kQuiet);
    one->want(720);
  }
  sim.run_for(2s);
  for (Participant* receiver : all) {
    std::set<Ssrc> expected;
    for (Participant* sender : all) {
      if (sender == receiver) continue;
      expected.insert(sender->audio_ssrc());
      expected.insert(sender->video_ssrc(0));
      EXPECT_GT(receiver->count(sender->audio_ssrc()), 80U);
      EXPECT_GT(receiver->count(sender->video_ssrc(0)), 100U);
      expect_gapless(*receiver, sender->audio_ssrc());
      expect_gapless(*receiver, sender->video_ssrc(0));
    }
    EXPECT_EQ(ssrcs(*receiver), expected) << "nothing else, and nothing of one's own";
  }
}

// Checklist: 194, 195
TEST(Conference, WithRewritingOnlyMappedSsrcsArriveAndTheMapComesWellBefore) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob", "carol"}, {.ssrc_rewriting = true});
  for (Participant* one : all) {
    one->speak(kQuiet);
    one->want(720);
  }
  sim.run_for(3s);
  for (Participant* receiver : all) {
    std::set<Ssrc> mapped;
    for (Participant* sender : all) {
      if (sender == receiver) continue;
      for (const std::string& name : {sender->audio_name(), sender->video_name()}) {
        ASSERT_TRUE(receiver->mapped(name)) << name;
        mapped.insert(*receiver->mapped(name));
        EXPECT_GT(receiver->count(*receiver->mapped(name)), 50U) << name;
      }
    }
    EXPECT_EQ(mapped.size(), 4U);
    EXPECT_EQ(ssrcs(*receiver), mapped);
    for (const Ssrc ssrc : mapped) {
      const auto first = std::ranges::find(receiver->packets, ssrc, &ReceivedPacket::ssrc);
      EXPECT_GE(first->at - receiver->told_at.at(ssrc), 200ms);
    }
    EXPECT_FALSE(receiver->mapped(receiver->video_name()));
  }
}

// Checklist: 195, 200
TEST(Conference, MapsNameRealRtxAndMidsOnlyForWhoAskedForThem) {
  Simulation sim;
  Participant& plain = sim.join("plain", {.ssrc_rewriting = true});
  Participant& demux = sim.join("demux", {.ssrc_rewriting = true, .mid_demux = true});
  Participant& sender = sim.join("sender");
  sender.speak(kQuiet);
  for (Participant* one : {&plain, &demux}) one->want(180);
  sim.run_for(1s);
  const auto video_entry = [](const Participant& participant) {
    return participant.last("VideoSourcesMap").at("mappedSources").as_array().back().as_object();
  };
  EXPECT_GT(video_entry(plain).at("rtx").to_number<std::uint32_t>(), 0U);
  EXPECT_EQ(video_entry(plain).at("videoType"), "CAMERA");
  EXPECT_EQ(video_entry(plain).at("owner"), "sender");
  EXPECT_FALSE(video_entry(plain).contains("mid"));
  EXPECT_TRUE(video_entry(demux).contains("mid"));
  for (const ReceivedPacket& packet : plain.packets) ASSERT_EQ(packet.mid, "");
  ASSERT_FALSE(demux.packets.empty());
  for (const ReceivedPacket& packet : demux.packets) ASSERT_NE(packet.mid, "");
}

// Checklist: 154
TEST(Conference, NothingIsForwardedAsVideoBeforeItIsAskedFor) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  sim.run_for(1s);
  EXPECT_EQ(all[1]->count(all[0]->video_ssrc(0)), 0U);
  EXPECT_EQ(all[0]->last("SenderSourceConstraints").at("maxHeight"), 0);
}

TEST(Conference, LayersFollowTheHeightsAskedFor) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  Participant& alice = *all[0];
  Participant& bob = *all[1];
  const Ssrc seen = alice.video_ssrc(0);
  bob.want(180);
  sim.run_for(1s);
  bob.clear();
  sim.run_for(500ms);
  EXPECT_EQ(bob.heights(seen), std::vector{180});

  bob.want(720);
  sim.run_for(1s);
  bob.clear();
  sim.run_for(500ms);
  EXPECT_EQ(bob.heights(seen), std::vector{720});

  bob.want(0);
  sim.run_for(100ms);
  bob.clear();
  sim.run_for(500ms);
  EXPECT_EQ(bob.count(seen), 0U);

  bob.want(kUnlimited);
  sim.run_for(1s);
  EXPECT_FALSE(bob.heights(seen).empty()) << "comes back";
}

// Checklist: 166, 167
TEST(Conference, SendersAreToldTheLargestHeightAndWhenNobodyLooks) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob", "carol"});
  const auto last = [&] { return all[0]->last("SenderSourceConstraints"); };
  all[1]->want(180);
  all[2]->want(720);
  sim.run_for(200ms);
  EXPECT_EQ(last().at("maxHeight"), 720);
  EXPECT_EQ(last().at("sourceName"), "alice-v0");
  sim.expire("carol");
  sim.run_for(200ms);
  EXPECT_EQ(last().at("maxHeight"), 180);
  all[1]->want(0);
  sim.run_for(200ms);
  EXPECT_EQ(last().at("maxHeight"), 0);
}

TEST(Conference, LastNKeepsTheMostRecentSpeakers) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob", "carol"});
  for (Participant* one : all) one->speak(kQuiet);
  sim.run_for(2s);
  all[2]->speak(kSpeech);
  sim.run_for(3s);
  all[0]->want(180, R"(,"lastN":1)");
  sim.run_for(500ms);
  all[0]->clear();
  sim.run_for(500ms);
  EXPECT_GT(all[0]->count(all[2]->video_ssrc(0)), 0U);
  EXPECT_EQ(all[0]->count(all[1]->video_ssrc(0)), 0U);
  EXPECT_GT(all[0]->count(all[1]->audio_ssrc()), 0U) << "audio is not limited";
}

// Checklist: 185
TEST(Conference, ForwardedSourcesAreToldOnEachChange) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  all[1]->clear();
  all[1]->want(180);
  sim.run_for(200ms);
  all[1]->want(0);
  sim.run_for(200ms);
  const auto told = all[1]->messages_of("ForwardedSources");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].at("forwardedSources"), boost::json::value{"alice-v0"});
  EXPECT_TRUE(told[1].at("forwardedSources").as_array().empty());
}

// Checklist: 183, 205
TEST(Conference, TheDominantSpeakerIsAnnouncedWithThoseBefore) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob", "carol"});
  for (Participant* one : all) one->speak(kQuiet);
  sim.run_for(3s);
  all[1]->speak(kSpeech);
  sim.run_for(2s);
  all[1]->speak(kQuiet);
  all[2]->speak(kSpeech);
  sim.run_for(3s);
  const object last = all[0]->last("DominantSpeakerEndpointChangeEvent");
  EXPECT_EQ(last.at("dominantSpeakerEndpoint"), "carol");
  EXPECT_EQ(last.at("previousSpeakers").as_array().at(0), "bob");
  EXPECT_EQ(last.at("silence"), false);
  EXPECT_GE(sim.counters.dominant_speaker_changes.value(), 2U);

  sim.expire("carol");
  sim.run_for(100ms);
  EXPECT_EQ(all[0]->last("DominantSpeakerEndpointChangeEvent").at("dominantSpeakerEndpoint"), "bob")
      << "who leaves is replaced";
}

// Checklist: 52, 53
TEST(Conference, AForceMutedParticipantIsNeitherHeardNorSeen) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  all[0]->speak(kSpeech);
  all[1]->want(180);
  const auto mute = [&](bool audio, bool video) {
    xmpp::colibri2::Endpoint request;
    request.id = EndpointId("alice");
    request.force_mute = xmpp::colibri2::ForceMute{.audio = audio, .video = video};
    EXPECT_TRUE(sim.modify(std::move(request)));
    sim.run_for(50ms);
    all[1]->clear();
    sim.run_for(500ms);
  };
  sim.run_for(500ms);
  mute(true, false);
  EXPECT_EQ(all[1]->count(all[0]->audio_ssrc()), 0U);
  EXPECT_GT(all[1]->count(all[0]->video_ssrc(0)), 0U);
  all[0]->send_audio_packet(all[0]->audio_ssrc(), std::nullopt);
  sim.run_for(50ms);
  EXPECT_EQ(all[1]->count(all[0]->audio_ssrc()), 0U) << "also without a level";
  mute(true, true);
  EXPECT_EQ(all[1]->count(all[0]->video_ssrc(0)), 0U);
  mute(false, false);
  EXPECT_GT(all[1]->count(all[0]->audio_ssrc()), 0U);
}

// Checklist: 101
TEST(Conference, MediaThatWasNotSignalledGoesNowhere) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  for (std::uint32_t i = 0; i < 10; ++i) all[0]->send_audio_packet(Ssrc{4711 + i}, kSpeech);
  all[0]->send_audio_packet(all[1]->audio_ssrc(), kSpeech);
  sim.run_for(600ms);
  EXPECT_TRUE(all[1]->packets.empty());
  EXPECT_GE(sim.counters.media_drops[static_cast<std::size_t>(media::Drop::unknown_ssrc)].value(), 11U);
}

// Checklist: 105, 106
TEST(Conference, HopByHopExtensionsStayBehindTheAudioLevelGoesOn) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  all[0]->speak(kQuiet);
  sim.run_for(500ms);
  ASSERT_FALSE(all[1]->packets.empty());
  for (const ReceivedPacket& packet : all[1]->packets)
    EXPECT_EQ(packet.extensions, std::vector<std::uint8_t>{1});
}

// Checklist: 125, 198
TEST(Conference, AKeyFrameRequestReachesTheSenderUnderItsOwnSsrc) {
  Simulation sim;
  Participant& sender = sim.join("sender");
  Participant& receiver = sim.join("receiver", {.ssrc_rewriting = true});
  receiver.want(720);
  sim.run_for(3s);
  const std::optional<Ssrc> mapped = receiver.mapped("sender-v0");
  ASSERT_TRUE(mapped);
  ASSERT_EQ(receiver.heights(*mapped).back(), 720);
  sender.clear();
  receiver.send_pli(*mapped);
  receiver.send_pli(Ssrc{4711});
  sim.run_for(100ms);
  EXPECT_EQ(sender.key_frame_requests, std::vector{sender.video_ssrc(2)});
}

// Checklist: 128
TEST(Conference, SenderReportsGoOnUnderTheReceiversSsrc) {
  Simulation sim;
  Participant& sender = sim.join("sender");
  Participant& receiver = sim.join("receiver", {.ssrc_rewriting = true});
  sender.speak(kQuiet);
  sim.run_for(1s);
  sender.send_sender_report(sender.audio_ssrc());
  sim.run_for(50ms);
  ASSERT_EQ(receiver.sender_reports.size(), 1U);
  EXPECT_EQ(receiver.sender_reports[0].ssrc, receiver.mapped("sender-a0"));
  EXPECT_EQ(receiver.sender_reports[0].ntp, 77U);
  // Its own count; a packet or two are still under way.
  const std::size_t arrived = receiver.count(*receiver.mapped("sender-a0"));
  EXPECT_LE(receiver.sender_reports[0].packets, arrived);
  EXPECT_GE(receiver.sender_reports[0].packets + 4, arrived);
  EXPECT_TRUE(sender.sender_reports.empty());
}

// Checklist: 76
TEST(Conference, AnIceRestartIsNotHeard) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  for (Participant* one : all) {
    one->speak(kSpeech);
    one->want(180);
  }
  sim.run_for(1s);
  for (Participant* one : all) one->clear();

  xmpp::colibri2::Endpoint restart;
  restart.id = EndpointId("alice");
  restart.transport.emplace().ice_restart = true;
  const auto answer = sim.modify(restart);
  ASSERT_TRUE(answer && answer->endpoints.at(0).transport);
  EXPECT_EQ(answer->endpoints[0].transport->ice->ice_generation, 1U);
  EXPECT_TRUE(sim.modify(all[0]->restart_ice(*answer->endpoints[0].transport)));
  sim.run_for(10s);

  for (const auto& [receiver, sender] : {std::pair(all[0], all[1]), std::pair(all[1], all[0])}) {
    expect_gapless(*receiver, sender->audio_ssrc());
    expect_gapless(*receiver, sender->video_ssrc(0));
    EXPECT_GE(receiver->count(sender->audio_ssrc()), 495U) << "50 a second";
  }
  EXPECT_EQ(sim.transport_drops.value(transport::Drop::stun_unauthorized), 0U);
  const auto again = sim.modify(restart);
  EXPECT_EQ(again->endpoints.at(0).transport->ice->ice_generation, 2U) << "the first one has taken over";
}

// Checklist: 201, 209
TEST(Conference, WhoeverLeavesVanishesFromEverybodyAtOnce) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob", "carol"}, {.ssrc_rewriting = true});
  for (Participant* one : all) one->want(180);
  sim.run_for(1s);
  const std::optional<Ssrc> freed = all[1]->mapped("alice-v0");
  all[1]->clear();
  sim.expire("alice");
  EXPECT_EQ(sim.conference()->size(), 2U);
  sim.run_for(200ms);
  EXPECT_EQ(all[1]->last("ForwardedSources").at("forwardedSources"), boost::json::value{"carol-v0"});
  Participant& dave = sim.join("dave", {.ssrc_rewriting = true});
  dave.speak(kQuiet);
  sim.run_for(1s);
  EXPECT_EQ(all[1]->mapped("dave-v0"), freed) << "the slot is lent again";
  EXPECT_EQ(sim.counters.endpoints.value(), 3);
}

TEST(Conference, AnEndpointsPacketsOfABurstStandTogether) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob", "carol", "dave"});
  for (Participant* one : all) one->want(720);
  for (std::size_t i = 1; i < all.size(); ++i) all[i]->pause_video(true);
  sim.run_for(1s);
  // A frame of alice's makes two packets for each of the others.
  std::size_t pairs = 0;
  for (int frame = 0; frame < 20; ++frame) {
    sim.sent_to.clear();
    sim.run_for(35ms);
    for (std::size_t i = 0; i + 1 < sim.sent_to.size(); ++i) pairs += sim.sent_to[i] == sim.sent_to[i + 1];
  }
  EXPECT_GE(pairs, 55U);
}

TEST(Conference, FanningOutToTenAllocatesNothing) {
  Simulation sim;
  const JoinOptions silent{.sends_video = false, .sends_audio = false};
  const auto receivers = sim.join_all({"b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}, silent);
  Participant& sender = sim.join("a");
  sender.speak(kQuiet);
  for (Participant* receiver : receivers) receiver->want(720);
  sim.run_for(5s);
  EXPECT_GT(std::exchange(sim.batch_allocations, 0U), 0U) << "joining does allocate; else nothing is counted";
  const std::uint64_t sent = sim.counters.packets_sent.value();
  sim.run_for(2s);
  EXPECT_GT(sim.counters.packets_sent.value() - sent, 2000U);
  EXPECT_EQ(sim.batch_allocations, 0U);
}

// Checklist: 187
TEST(Conference, AVideoTypeOfNoneTakesASourceOutUntilItIsBack) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  all[1]->want(180);
  sim.run_for(500ms);
  const auto set_type = [&](const std::string& type) {
    all[0]->send_message(R"({"colibriClass":"SourceVideoTypeMessage","sourceName":"alice-v0","videoType":")" +
                         type + "\"}");
    sim.run_for(200ms);
    all[1]->clear();
    sim.run_for(300ms);
  };
  set_type("none");
  EXPECT_EQ(all[1]->count(all[0]->video_ssrc(0)), 0U);
  set_type("camera");
  EXPECT_GT(all[1]->count(all[0]->video_ssrc(0)), 0U);
}

// Checklist: 189
TEST(Conference, AnAudioSubscriptionIsKeptTo) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob", "carol"});
  for (Participant* one : all) one->speak(kQuiet);
  all[0]->send_message(R"({"colibriClass":"ReceiverAudioSubscription","all":true,"exclude":["bob-a0"]})");
  sim.run_for(100ms);
  all[0]->clear();
  sim.run_for(300ms);
  EXPECT_EQ(all[0]->count(all[1]->audio_ssrc()), 0U);
  EXPECT_GT(all[0]->count(all[2]->audio_ssrc()), 0U);
}

// Checklist: 184, 208
TEST(Conference, SilenceForEightSecondsIsToldToEverybodyAndNewcomers) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  all[0]->vanish();
  sim.run_for(7s);
  EXPECT_TRUE(all[1]->messages_of("EndpointConnectivityStatusChangeEvent").empty());
  sim.run_for(2s);
  const auto told = all[1]->messages_of("EndpointConnectivityStatusChangeEvent");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].at("endpoint"), "alice");
  EXPECT_EQ(told[0].at("active"), "false");
  Participant& carol = sim.join("carol");
  EXPECT_EQ(carol.messages_of("EndpointConnectivityStatusChangeEvent").size(), 1U);
  EXPECT_EQ(sim.counters.inactive_endpoints.value(), 1);
}

// Checklist: 206
TEST(Conference, WhoeverIsSilentForAMinuteExpires) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  all[0]->vanish();
  sim.run_for(59s);
  EXPECT_EQ(sim.conference()->size(), 2U);
  sim.run_for(3s);
  EXPECT_EQ(sim.conference()->size(), 1U);
  EXPECT_TRUE(sim.conference()->find("bob"));
}

// Checklist: 207
TEST(Conference, WhoeverNeverComesExpiresAfterTwoMinutesAndTheConferenceWithIt) {
  Simulation sim;
  xmpp::colibri2::Endpoint request;
  request.id = EndpointId("ghost");
  request.create = true;
  request.capabilities = {"source-names"};
  request.transport.emplace();
  ASSERT_TRUE(sim.modify(std::move(request)));
  sim.run_for(119s);
  EXPECT_NE(sim.conference(), nullptr);
  sim.run_for(3s);
  EXPECT_EQ(sim.conference(), nullptr);
  EXPECT_EQ(sim.counters.conferences.value(), 0);
}

// Checklist: 210
TEST(Conference, AnEmptyOneIsOverAfterTwentySeconds) {
  Simulation sim;
  xmpp::colibri2::ConferenceModify request;
  request.meeting_id = sim.meeting;
  request.create = true;
  ASSERT_TRUE(sim.modify(std::move(request)));
  sim.run_for(19s);
  EXPECT_NE(sim.conference(), nullptr);
  sim.run_for(2s);
  EXPECT_EQ(sim.conference(), nullptr);
}

}  // namespace
}  // namespace cloister::videobridge::conference
