#include "videobridge/conference/environment/schedule.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

namespace cloister::videobridge::conference {
namespace {

constexpr TimePoint kStart{1000s};

struct Sleeper final : Scheduled {
  Sleeper(std::string name_, std::string& log_) : name(std::move(name_)), log(log_) {}
  void on_due(TimePoint now) override {
    log += name;
    if (schedule) schedule->set(*this, now - 1s);
  }
  std::string name;
  std::string& log;
  Schedule* schedule = nullptr;
};

TEST(Schedule, WakesInOrderOfTimeRoundedUpToATick) {
  Schedule schedule;
  std::string log;
  Sleeper a("a", log), b("b", log);
  schedule.set(a, kStart + 7ms);
  schedule.set(b, kStart + 1ms);
  EXPECT_EQ(schedule.next_due(), kStart + 5ms);
  schedule.run(kStart + 5ms);
  EXPECT_EQ(log, "b");
  schedule.run(kStart + 10ms);
  EXPECT_EQ(log, "ba");
  EXPECT_FALSE(schedule.next_due());
}

TEST(Schedule, SomebodyWhoAlwaysWantsToBeWokenDoesNotKeepItRunning) {
  Schedule schedule;
  std::string log;
  Sleeper a("a", log);
  a.schedule = &schedule;
  schedule.set(a, kStart);
  schedule.run(kStart + 1ms);
  EXPECT_EQ(log, "a");
  EXPECT_EQ(schedule.next_due(), kStart + 5ms);
}

TEST(Schedule, MembersLeaveWhenTheyDie) {
  Schedule schedule;
  std::string log;
  Sleeper b("b", log);
  {
    Sleeper a("a", log);
    schedule.set(a, kStart);
    schedule.set(b, kStart + 1s);
  }
  schedule.run(kStart + 1s);
  EXPECT_EQ(log, "b");
}

TEST(Schedule, KeepsItsOrderThroughManyMoves) {
  Schedule schedule;
  std::string log;
  std::mt19937 random(7);
  std::vector<std::unique_ptr<Sleeper>> sleepers;
  for (int i = 0; i < 50; ++i) sleepers.push_back(std::make_unique<Sleeper>("x", log));
  std::vector<std::optional<TimePoint>> due(50);
  for (int move = 0; move < 2000; ++move) {
    const std::size_t who = random() % 50;
    due[who] = random() % 4 == 0 ? std::nullopt : std::optional(kStart + 5ms * (random() % 1000));
    schedule.set(*sleepers[who], due[who]);
    std::optional<TimePoint> first;
    for (const auto& time : due) first = earlier(first, time);
    ASSERT_EQ(schedule.next_due(), first);
  }
}

}  // namespace
}  // namespace cloister::videobridge::conference
