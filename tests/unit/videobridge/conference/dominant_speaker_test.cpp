#include "videobridge/conference/speech/dominant_speaker.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace cloister::videobridge::conference {
namespace {

constexpr std::uint8_t kSpeech = 30;  // −dBov
constexpr std::uint8_t kQuiet = 90;

// Participants that send a level every 20 ms; time passes in these steps.
struct Room {
  explicit Room(std::size_t count) : activities(count) {}

  // Levels per participant; 255: sends nothing.
  void run(Duration time, const std::vector<std::uint8_t>& levels) {
    for (const TimePoint end = now + time; now < end; now += 20ms) {
      for (std::size_t i = 0; i < levels.size(); ++i) {
        if (levels[i] != 255) speaker.on_level(activities[i], levels[i], now);
      }
      if (speaker.next_wakeup() && *speaker.next_wakeup() <= now && speaker.on_wakeup(now))
        changes.push_back(current());
    }
  }
  int current() const {
    for (std::size_t i = 0; i < activities.size(); ++i) {
      if (&activities[i] == speaker.current()) return static_cast<int>(i);
    }
    return -1;
  }

  std::vector<SpeechActivity> activities;
  DominantSpeaker speaker;
  TimePoint now{1000s};
  std::vector<int> changes;
};

TEST(DominantSpeaker, TheOnlyOneHeardIsItAtOnce) {
  Room room(2);
  room.run(100ms, {kQuiet, 255});
  EXPECT_EQ(room.changes, std::vector{0});
}

TEST(DominantSpeaker, SomebodyWhoStartsToSpeakIsItWithinTwoSeconds) {
  Room room(2);
  room.run(3s, {kQuiet, kQuiet});
  const TimePoint start = room.now;
  while (room.current() != 1 && room.now < start + 5s) room.run(20ms, {kQuiet, kSpeech});
  EXPECT_LE(room.now - start, 2s);
  EXPECT_GE(room.now - start, 300ms);
}

TEST(DominantSpeaker, ThreeHundredMillisecondsOfNoiseDoNotTakeTheFloor) {
  Room room(2);
  room.run(3s, {kQuiet, kQuiet});
  room.run(3s, {kSpeech, kQuiet});
  ASSERT_EQ(room.current(), 0);
  room.changes.clear();
  for (int i = 0; i < 10; ++i) {
    room.run(300ms, {kSpeech, 10});
    room.run(2s, {kSpeech, kQuiet});
  }
  EXPECT_TRUE(room.changes.empty());
}

TEST(DominantSpeaker, ADialogueIsFollowed) {
  Room room(3);
  room.run(3s, {kQuiet, kQuiet, kQuiet});
  room.run(4s, {kQuiet, kSpeech, kQuiet});
  room.run(4s, {kQuiet, kQuiet, kSpeech});
  room.run(4s, {kSpeech, kQuiet, kQuiet});
  ASSERT_GE(room.changes.size(), 3U);
  const std::vector<int> last_three(room.changes.end() - 3, room.changes.end());
  EXPECT_EQ(last_three, (std::vector{1, 2, 0}));
}

TEST(DominantSpeaker, SilenceLeavesItWhereItIs) {
  Room room(2);
  room.run(3s, {kQuiet, kQuiet});
  room.run(3s, {kQuiet, kSpeech});
  ASSERT_EQ(room.current(), 1);
  room.run(10s, {127, 127});
  EXPECT_EQ(room.current(), 1);
}

TEST(DominantSpeaker, WhoeverLeavesIsReplaced) {
  Room room(2);
  room.run(3s, {kQuiet, kQuiet});
  room.run(3s, {kQuiet, kSpeech});
  ASSERT_EQ(room.current(), 1);
  room.speaker.remove(room.activities[1]);
  EXPECT_EQ(room.speaker.current(), nullptr);
  room.run(1s, {kQuiet, 255});
  EXPECT_EQ(room.current(), 0);
}

TEST(DominantSpeaker, SleepsWhenNobodyIsHeard) {
  Room room(2);
  EXPECT_FALSE(room.speaker.next_wakeup());
  room.run(100ms, {kQuiet, kQuiet});
  EXPECT_TRUE(room.speaker.next_wakeup());
  room.run(16s, {});
  EXPECT_FALSE(room.speaker.next_wakeup());
}

// The figures of protocol/bridge.md §10.1, worked out by hand.
TEST(SpeechActivity, ScoresByTheFormula) {
  SpeechActivity activity;
  TimePoint now{1000s};
  activity.on_level(100, now);  // loudness 27: the noise floor
  for (int i = 0; i < 5; ++i) activity.on_level(127 - 85, now += 20ms);
  const auto& scores = activity.evaluate();
  // Newest unit 8 of 13: ln C(13,8) + 13·ln 0.5 − ln 0.78 + 0.78·8
  EXPECT_NEAR(scores.immediate, std::log(1287.0) + 13 * std::log(0.5) - std::log(0.78) + 0.78 * 8, 1e-9);
  // All five above 7: ln C(5,5) + 5·ln 0.5 − ln 24 + 24·5
  EXPECT_NEAR(scores.medium, 5 * std::log(0.5) - std::log(24.0) + 120, 1e-9);
  // One of ten above 4: ln C(10,1) + 10·ln 0.5 − ln 47 + 47
  EXPECT_NEAR(scores.long_term, std::log(10.0) + 10 * std::log(0.5) - std::log(47.0) + 47, 1e-9);
}

TEST(SpeechActivity, WhatIsNotLouderThanTheFloorPlusTenIsNoise) {
  SpeechActivity activity;
  TimePoint now{1000s};
  for (int i = 0; i < 50; ++i) activity.on_level(127 - 80, now += 20ms);
  EXPECT_EQ(activity.evaluate().immediate, SpeechActivity::kScoreFloor);
  activity.on_level(127 - 91, now += 20ms);
  EXPECT_GT(activity.evaluate().immediate, SpeechActivity::kScoreFloor);
}

TEST(SpeechActivity, TheFloorRisesWithFifteenSecondsOfLouderNoise) {
  SpeechActivity activity;
  TimePoint now{1000s};
  activity.on_level(127 - 20, now);
  for (int i = 0; i < 749; ++i) activity.on_level(127 - 45, now += 20ms);
  EXPECT_GT(activity.evaluate().medium + activity.evaluate().immediate, 0);
  // sqrt(20·45) = 30: 45 is still above 40, 39 no longer is.
  activity.on_level(127 - 45, now += 20ms);
  activity.on_level(127 - 39, now += 20ms);
  EXPECT_EQ(activity.evaluate().immediate, SpeechActivity::kScoreFloor);
}

}  // namespace
}  // namespace cloister::videobridge::conference
