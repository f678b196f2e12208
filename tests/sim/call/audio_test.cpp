// What somebody who listens on the lines learns of who is speaking, and what the bridge makes of it all the
// same.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

#include "wire/header_extension.h"
#include "world/sim.h"

namespace cloister::sim {
namespace {

constexpr std::uint8_t kNoise = 85;  // −dBov
constexpr std::uint8_t kSilence = 127;
constexpr std::uint8_t kLevelId = 1;

// Pearson's; 0 for a constant.
double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  double mean_a = 0;
  double mean_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    mean_a += a[i] / n;
    mean_b += b[i] / n;
  }
  double both = 0;
  double square_a = 0;
  double square_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += (a[i] - mean_a) * (b[i] - mean_b);
    square_a += (a[i] - mean_a) * (a[i] - mean_a);
    square_b += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return square_a * square_b > 0 ? both / std::sqrt(square_a * square_b) : 0;
}

// What one line shows of one voice, packet by packet, beside what that voice really did.
struct Wire {
  std::vector<double> truth;
  std::vector<double> level;  // the byte where a level is
  std::vector<double> voice;  // its highest bit
  std::vector<double> size;

  double worst() const {
    return std::max({std::abs(correlation(truth, level)), std::abs(correlation(truth, voice)),
                     std::abs(correlation(truth, size))});
  }
};

// Words of 200 to 600 ms at changing loudness with pauses between.
class Speech {
public:
  explicit Speech(std::mt19937_64& random) : random_(random) {}
  std::uint8_t next() {
    if (left_ == 0) {
      speaks_ = !speaks_;
      left_ = speaks_ ? 10 + random_() % 20 : 5 + random_() % 15;
    }
    --left_;
    return speaks_ ? static_cast<std::uint8_t>(25 + random_() % 20) : kSilence;
  }

private:
  std::mt19937_64& random_;
  bool speaks_ = false;
  std::uint64_t left_ = 0;
};

// Listens on every line while Alice speaks for a minute.
class Eavesdropper {
public:
  explicit Eavesdropper(Sim& sim)
      : alice_(sim.join("alice")), bob_(sim.join("bob")), carol_(sim.join("carol")) {
    for (Participant* one : {&alice_, &bob_, &carol_}) one->speaks();
    for (Participant* one : {&bob_, &carol_}) one->set_level(kNoise);
    sim.run_for(2s);
    sim.network().capture([this](const SocketAddress& from, const SocketAddress& to, Bytes bytes) {
      if (from == alice_.host().address()) note(bytes, up);
      if (to == bob_.host().address()) note(bytes, down);
    });
    Speech speech(sim.random());
    for (int packet = 0; packet < 3000; ++packet) {
      level_ = speech.next();
      alice_.set_level(level_);
      sim.run_for(20ms);
    }
    sim.network().capture({});
  }

  Wire up;    // from Alice to the bridge
  Wire down;  // from the bridge to Bob
  Participant& bob() { return bob_; }

private:
  void note(Bytes bytes, Wire& wire) {
    const auto header = wire::parse_rtp(bytes);
    if (!header || header->ssrc != alice_.as().audio) return;
    if (&wire == &up) truth_[header->timestamp] = level_;
    const auto truth = truth_.find(header->timestamp);
    if (truth == truth_.end()) return;
    wire::ExtensionReader elements(*header);
    while (const auto element = elements.next()) {
      if (element->id != kLevelId) continue;
      wire.truth.push_back(truth->second);
      wire.level.push_back(get_u8(element->data, 0) & 0x7fU);
      wire.voice.push_back(get_u8(element->data, 0) >> 7);
      wire.size.push_back(static_cast<double>(bytes.size()));
    }
  }

  Participant& alice_;
  Participant& bob_;
  Participant& carol_;
  std::uint8_t level_ = kSilence;
  std::map<std::uint32_t, std::uint8_t> truth_;  // by timestamp, which the bridge leaves as it is
};

std::string dominant(const Participant& listener) {
  for (auto at = listener.messages().rbegin(); at != listener.messages().rend(); ++at)
    if (at->find("DominantSpeakerEndpointChangeEvent") != std::string::npos) return *at;
  return "";
}

// Three thousand independent bytes stay below 0.06 in 999 of 1000 cases.
constexpr double kChance = 0.06;

TEST(Audio, TheLevelsOnTheWireSayNothingOfTheVoice) {
  Sim sim{Seed{11}};
  Eavesdropper ears(sim);
  for (const Wire* wire : {&ears.up, &ears.down}) {
    ASSERT_GT(wire->truth.size(), 2900U) << sim.flow_diagram();
    EXPECT_LT(wire->worst(), kChance) << sim.seed_text();
  }
  EXPECT_NE(dominant(ears.bob()).find("\"alice\""), std::string::npos)
      << "and yet the bridge knows who speaks";
}

TEST(Audio, ThePlainFormWouldTellEverything) {
  Sim sim{Seed{11}};
  sim.focus().settings().offer.encrypt_audio_level = false;
  Eavesdropper ears(sim);
  EXPECT_GT(ears.up.worst(), 0.99) << "or else the other test measures nothing";
  EXPECT_GT(ears.down.worst(), 0.99);
}

TEST(Audio, TheDominantSpeakerIsFollowedFromTurnToTurn) {
  Sim sim{Seed{12}};
  auto& alice = sim.join("alice");
  auto& bob = sim.join("bob");
  auto& carol = sim.join("carol");
  for (Participant* one : {&alice, &bob, &carol}) {
    one->speaks();
    one->set_level(kNoise);
  }
  sim.run_for(3s);
  Speech speech(sim.random());
  for (Participant* turn : {&bob, &alice, &carol, &bob}) {
    for (int packet = 0; packet < 150; ++packet) {
      turn->set_level(speech.next());
      sim.run_for(20ms);
    }
    turn->set_level(kNoise);
    const std::string name = "\"" + turn->as().endpoint.expose() + "\"";
    EXPECT_NE(dominant(alice).find("\"dominantSpeakerEndpoint\":" + name), std::string::npos)
        << dominant(alice);
  }
}

}  // namespace
}  // namespace cloister::sim
