#include "videobridge/conference/speech/loudest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <vector>

namespace cloister::videobridge::conference {
namespace {

constexpr std::uint8_t kSpeech = 30;  // −dBov
constexpr std::uint8_t kNoise = 70;
constexpr std::uint8_t kSilence = 127;
constexpr std::size_t kLimit = 3;

// Voices that send a packet every 20 ms.
struct Room {
  explicit Room(std::size_t count) : heard(count), sent(count) {}

  void run(Duration time, const std::vector<std::uint8_t>& levels) {
    for (const TimePoint end = now + time; now < end; now += 20ms)
      for (std::uint32_t voice = 0; voice < levels.size(); ++voice) {
        const bool before = loudest.is_member(voice);
        const bool after = loudest.on_packet(voice, levels[voice],
                                             dominant == voice ? Dominant::yes : Dominant::no, limit, now);
        ++sent[voice];
        heard[voice] += after ? 1 : 0;
        changes += before != after ? 1 : 0;
      }
  }
  std::size_t members() const {
    std::size_t count = 0;
    for (std::uint32_t voice = 0; voice < heard.size(); ++voice) count += loudest.is_member(voice) ? 1 : 0;
    return count;
  }

  Loudest loudest;
  std::size_t limit = kLimit;
  std::optional<std::uint32_t> dominant;
  std::vector<int> heard;
  std::vector<int> sent;
  int changes = 0;
  TimePoint now{1000s};
};

TEST(Loudest, UpToTheLimitEverybodyIsHeardHoweverSilent) {
  Room room(3);
  room.run(5s, {kSilence, kNoise, kSpeech});
  EXPECT_EQ(room.heard, room.sent);
}

TEST(Loudest, AVoiceIsInWithItsVeryFirstLoudPacket) {
  Room room(6);
  room.run(3s, {kNoise, kNoise, kNoise, kNoise, kSilence, kNoise});
  ASSERT_FALSE(room.loudest.is_member(4));
  room.heard[4] = room.sent[4] = 0;
  room.run(2s, {kNoise, kNoise, kNoise, kNoise, kSpeech, kNoise});
  EXPECT_EQ(room.heard[4], room.sent[4]) << "no packet of it is missing";
  EXPECT_EQ(room.members(), kLimit);
}

TEST(Loudest, APauseBetweenWordsDoesNotCostThePlace) {
  Room room(5);
  room.run(1s, {kSpeech, kSpeech, kSpeech, kNoise, kNoise});
  room.changes = 0;
  for (int word = 0; word < 20; ++word) {
    room.run(600ms, {kSpeech, kSpeech, kSpeech, kNoise, kNoise});
    room.run(400ms, {kSilence, kSpeech, kSilence, kNoise, kNoise});
  }
  EXPECT_EQ(room.changes, 0);
}

TEST(Loudest, EqualNoisesDoNotTakeTurns) {
  Room room(8);
  std::mt19937 random(7);
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::uint8_t> levels(8);
    for (auto& level : levels) level = static_cast<std::uint8_t>(kNoise - 2 + random() % 5);
    room.run(20ms, levels);
    if (i == 5) room.changes = 0;
  }
  EXPECT_EQ(room.changes, 0);
}

TEST(Loudest, WhoIsClearlyLouderTakesThePlaceOfTheQuietest) {
  Room room(4);
  room.run(1s, {kSpeech, 50, kSpeech, kSilence});
  room.run(20ms, {kSpeech, 50, kSpeech, 40});
  EXPECT_FALSE(room.loudest.is_member(1));
  EXPECT_TRUE(room.loudest.is_member(3));
}

TEST(Loudest, TheDominantSpeakerIsHeardBetweenTwoWordsAndTakesAPlaceOfTheLimit) {
  Room room(5);
  room.run(1s, {1, 1, 1, kSilence, kNoise});
  room.dominant = 3;
  room.heard[3] = room.sent[3] = 0;
  room.run(20s, {1, 1, 1, kSilence, kNoise});
  EXPECT_EQ(room.heard[3], room.sent[3]);
  EXPECT_EQ(room.members(), kLimit);
}

TEST(Loudest, WhoWasDominantLosesThePlaceToWhoSpeaksNow) {
  Room room(4);
  room.dominant = 0;
  room.run(1s, {kSilence, kSpeech, kSpeech, kSpeech});
  ASSERT_TRUE(room.loudest.is_member(0));
  room.dominant = 1;
  room.run(5s, {kSilence, kSpeech, kSpeech, kSpeech});
  EXPECT_FALSE(room.loudest.is_member(0));
}

TEST(Loudest, APlaceThatIsLeftIsFree) {
  Room room(4);
  room.run(1s, {kSpeech, kSpeech, kSpeech, kNoise});
  room.loudest.forget(0);
  EXPECT_TRUE(room.loudest.on_packet(3, kNoise, Dominant::no, kLimit, room.now));
}

TEST(Loudest, ASmallerLimitHoldsAtOnceAndNoneMeansAll) {
  Room room(3);
  room.run(1s, {kNoise, kSpeech, 50});
  room.limit = 1;
  room.run(20ms, {kNoise, kSpeech, 50});
  EXPECT_EQ(room.members(), 1U);
  EXPECT_TRUE(room.loudest.is_member(1));
  room.limit = 0;
  EXPECT_TRUE(room.loudest.on_packet(0, kSilence, Dominant::no, 0, room.now));
}

}  // namespace
}  // namespace cloister::videobridge::conference
