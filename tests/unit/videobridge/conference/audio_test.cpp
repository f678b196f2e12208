// What participants hear of each other, and what a crowd costs.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "simulation.h"

namespace cloister::videobridge::conference {
namespace {

constexpr std::uint8_t kSpeech = 30;
constexpr std::uint8_t kNoise = 80;
constexpr std::uint8_t kSilence = 127;

std::vector<const ReceivedPacket*> packets_of(const Participant& receiver, const Participant& sender) {
  std::vector<const ReceivedPacket*> out;
  for (const ReceivedPacket& packet : receiver.packets)
    if (packet.ssrc == sender.audio_ssrc()) out.push_back(&packet);
  return out;
}

void expect_gapless(const Participant& receiver, const Participant& sender) {
  const auto packets = packets_of(receiver, sender);
  for (std::size_t i = 1; i < packets.size(); ++i)
    ASSERT_EQ(packets[i]->sequence, static_cast<std::uint16_t>(packets[i - 1]->sequence + 1));
}

std::uint64_t drops(const Simulation& sim, media::Drop reason) {
  return sim.counters.media_drops[static_cast<std::size_t>(reason)].value();
}

ConferenceSettings loudest(std::size_t count) {
  ConferenceSettings settings;
  settings.loudest = count;
  return settings;
}

std::vector<std::string> names(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back("p" + std::to_string(i));
  return out;
}

// Checklist: 106
TEST(ConferenceAudio, ALevelReachesEverybodyInTheFormThatTheyNegotiated) {
  Simulation sim;
  Participant& encrypted = sim.join("encrypted", {.sends_video = false, .levels = Levels::encrypted});
  Participant& other = sim.join("other", {.sends_video = false, .levels = Levels::encrypted});
  Participant& plain = sim.join("plain", {.sends_video = false});
  Participant& none = sim.join("none", {.sends_video = false, .levels = Levels::none});
  const auto all = {&encrypted, &other, &plain, &none};
  encrypted.speak(41);
  plain.speak(42);
  none.speak(43);
  sim.run_for(1s);
  for (const Participant* receiver : all) {
    for (const auto& [sender, level] : {
             std::pair{&encrypted, 41},
             std::pair{&plain,     42}
    }) {
      if (sender == receiver) continue;
      SCOPED_TRACE(sender->id() + " to " + receiver->id());
      const auto packets = packets_of(*receiver, *sender);
      ASSERT_GT(packets.size(), 40U);
      if (receiver == &none)
        EXPECT_TRUE(packets.back()->extensions.empty());
      else
        EXPECT_EQ(packets.back()->level, level);
    }
    if (receiver == &none) continue;
    const auto packets = packets_of(*receiver, none);
    ASSERT_GT(packets.size(), 40U) << "who sends no levels is heard";
    EXPECT_TRUE(packets.back()->extensions.empty());
  }
}

// Checklist: 203
TEST(ConferenceAudio, EncryptedLevelsDriveTheDominantSpeaker) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"}, {.sends_video = false, .levels = Levels::encrypted});
  for (Participant* one : all) one->speak(kNoise);
  sim.run_for(1s);
  for (Participant* speaker : {all[1], all[0], all[1]}) {
    speaker->speak(kSpeech);
    sim.run_for(2s);
    EXPECT_EQ(all[0]->last("DominantSpeakerEndpointChangeEvent").at("dominantSpeakerEndpoint").as_string(),
              speaker->id());
    speaker->speak(kNoise);
    sim.run_for(1s);
  }
}

// Checklist: 112
TEST(ConferenceAudio, EncryptedSilenceIsForwardedForThreePacketsUnlessTheBitrateIsConstant) {
  Simulation sim;
  Participant& variable = sim.join("variable", {.sends_video = false, .levels = Levels::encrypted});
  Participant& constant =
      sim.join("constant", {.sends_video = false, .levels = Levels::encrypted, .constant_bitrate = true});
  Participant& listener = sim.join("listener", {.sends_video = false, .levels = Levels::encrypted});
  for (Participant* one : {&variable, &constant}) one->speak(kSpeech);
  sim.run_for(1s);
  listener.clear();
  for (Participant* one : {&variable, &constant}) one->speak(kSilence);
  sim.run_for(2s);
  EXPECT_LE(listener.count(variable.audio_ssrc()), 5U);
  EXPECT_GE(listener.count(constant.audio_ssrc()), 98U);
  for (Participant* one : {&variable, &constant}) one->speak(kSpeech);
  sim.run_for(1s);
  EXPECT_GE(listener.count(variable.audio_ssrc()), 49U);
  expect_gapless(listener, variable);
  expect_gapless(listener, constant);
}

// Checklist: 223
TEST(ConferenceAudio, OnlyTheLoudestAreForwardedAndAVoiceIsThereFromItsFirstPacket) {
  Simulation sim(loudest(3));
  const auto all = sim.join_all(names(8), {.sends_video = false, .levels = Levels::encrypted});
  Participant& listener = *all.back();
  for (std::size_t i = 0; i + 1 < all.size(); ++i) all[i]->speak(kNoise);
  sim.run_for(2s);
  listener.clear();
  sim.run_for(1s);
  std::set<Ssrc> heard;
  for (const ReceivedPacket& packet : listener.packets) heard.insert(packet.ssrc);
  EXPECT_LE(heard.size(), 3U) << "the dominant speaker among them";

  const auto quiet = std::ranges::find_if(
      all, [&](const Participant* one) { return one != &listener && !heard.contains(one->audio_ssrc()); });
  ASSERT_NE(quiet, all.end());
  listener.clear();
  (*quiet)->speak(kSpeech);
  sim.run_for(1s);
  const auto words = packets_of(listener, **quiet);
  ASSERT_GE(words.size(), 49U);
  EXPECT_EQ(words.front()->level, kSpeech);
  (*quiet)->speak(kNoise);
  sim.run_for(10s);
  (*quiet)->speak(kSpeech);
  sim.run_for(1s);
  for (const Participant* sender : all) expect_gapless(listener, *sender);
}

// Checklist: 102
TEST(ConferenceAudio, WhoSendsNoLevelsIsHeardAmongAnyNumberOfVoices) {
  Simulation sim(loudest(1));
  const auto all = sim.join_all(names(4), {.sends_video = false});
  Participant& quiet = sim.join("quiet", {.sends_video = false, .levels = Levels::none});
  for (Participant* one : all) one->speak(kSpeech);
  quiet.speak(kSpeech);
  sim.run_for(1s);
  all[0]->clear();
  sim.run_for(1s);
  EXPECT_GE(all[0]->count(quiet.audio_ssrc()), 49U);
}

TEST(ConferenceAudio, WhoIsChosenByNameIsForwardedHoweverQuiet) {
  Simulation sim(loudest(1));
  const auto all = sim.join_all(names(4), {.sends_video = false});
  for (std::size_t i = 0; i < 3; ++i) all[i]->speak(i == 0 ? kSpeech : kNoise);
  sim.run_for(2s);
  all[3]->clear();
  sim.run_for(1s);
  EXPECT_EQ(all[3]->count(all[2]->audio_ssrc()), 0U);
  all[3]->send_message(R"({"colibriClass":"ReceiverAudioSubscription","mode":"Include","list":["p2-a0"],)"
                       R"("all":true,"include":["p2-a0"]})");
  sim.run_for(200ms);
  all[3]->clear();
  sim.run_for(1s);
  EXPECT_GE(all[3]->count(all[2]->audio_ssrc()), 49U);
}

// A talker costs by those who hear it: nothing is even offered to anybody else, so a larger room with the
// same number of voices and of pictures for each costs each of its people the same.
TEST(ConferenceAudio, NobodyIsHandedWhatItIsNotSent) {
  Simulation sim(loudest(2));
  const auto all = sim.join_all(names(10));
  for (Participant* one : all) {
    one->want(180, R"(,"lastN":2)");
    one->speak(kNoise);
  }
  sim.run_for(3s);
  EXPECT_GT(drops(sim, media::Drop::not_among_loudest), 500U);
  EXPECT_EQ(drops(sim, media::Drop::not_wanted), 0U);
}

// Checklist: 129
TEST(ConferenceAudio, OfWhatAClientReportsOnlyItsOwnSendingReachesOthers) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"}, {.sends_video = false});
  for (Participant* one : all) one->speak(kSpeech);
  sim.run_for(1s);
  all[1]->control.clear();
  all[0]->send_control([&](ByteWriter& out) {
    const wire::ReportBlock block{.ssrc = all[1]->audio_ssrc()};
    wire::write_sender_report(out, {.ssrc = all[0]->audio_ssrc(), .ntp = 1, .packets = 50});
    wire::write_receiver_report(out, all[0]->audio_ssrc(), std::span(&block, 1));
    const std::array lost{std::uint16_t{7}};
    wire::write_nack(out, all[0]->audio_ssrc(), all[1]->audio_ssrc(), lost);
    wire::write_remb(out, {.sender = all[0]->audio_ssrc(), .bitrate = 100000}, {});
    const std::array arrived{
        wire::ArrivedPacket{5, sim.now}
    };
    wire::write_transport_cc(out, all[0]->audio_ssrc(), all[1]->audio_ssrc(), 0, arrived);
  });
  sim.run_for(100ms);
  EXPECT_EQ(std::ranges::count(all[1]->control, "200/0"), 1)
      << "the report of the sender, without its blocks";
  // The bridge's own: what it received of Bob, and when.
  for (const std::string& packet : all[1]->control)
    EXPECT_TRUE(packet == "200/0" || packet == "205/15" || packet.starts_with("201/")) << packet;
}

// Checklist: 113
TEST(ConferenceAudio, WhoIsNotThereYetIsSentNothing) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"}, {.sends_video = false});
  xmpp::colibri2::Endpoint carol = all[0]->colibri_create();
  carol.id = EndpointId("carol");
  ASSERT_TRUE(sim.modify(std::move(carol)));
  all[0]->speak(kSpeech);
  sim.run_for(1s);
  EXPECT_GE(all[1]->count(all[0]->audio_ssrc()), 49U);
  EXPECT_EQ(sim.transport_drops.value(transport::Drop::not_selected), 0U);
}

}  // namespace
}  // namespace cloister::videobridge::conference
