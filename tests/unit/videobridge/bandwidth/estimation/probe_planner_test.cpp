#include "videobridge/bandwidth/estimation/probe_planner.h"

#include <gtest/gtest.h>

#include <vector>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

using Rates = std::vector<std::int64_t>;

class Planner : public testing::Test {
protected:
  // Reports every 50 ms; a probe shows what the path carries, the estimate follows. Gives the probes' rates.
  Rates run(Duration length, std::int64_t wanted, std::int64_t carries, bool calm = true) {
    Rates out;
    for (const TimePoint end = now + length; now < end; now += 50ms) {
      if (answer) {
        planner.on_result(*answer);
        estimate = std::max(estimate, *answer);
        answer.reset();
      }
      const auto cluster = planner.next({.estimate = estimate, .wanted = wanted, .calm = calm}, now);
      if (!cluster) continue;
      out.push_back(cluster->rate);
      answer = std::min(cluster->rate, carries);
    }
    return out;
  }
  ProbePlanner planner;
  TimePoint now{1s};
  std::int64_t estimate = 1'000'000;
  std::optional<std::int64_t> answer;
};

TEST_F(Planner, DoublesUntilThePathIsTheLimit) {
  EXPECT_EQ(run(1s, 20'000'000, 5'000'000), (Rates{2'000'000, 4'000'000, 8'000'000}));
  EXPECT_EQ(estimate, 5'000'000);
}

TEST_F(Planner, TriesAgainEveryTwoSecondsWhileMoreIsWanted) {
  run(1s, 20'000'000, 1'000'000);
  EXPECT_EQ(run(4s, 20'000'000, 1'000'000), (Rates{2'000'000, 2'000'000}));
}

TEST_F(Planner, StopsAtALittleMoreThanWhatIsWanted) {
  EXPECT_EQ(run(20s, 1'500'000, 20'000'000), Rates{1'875'000});
}

TEST_F(Planner, NeverProbesWithoutNeed) {
  EXPECT_EQ(run(20s, 0, 20'000'000), Rates{}) << "nobody wants video";
  EXPECT_EQ(run(20s, 900'000, 20'000'000), Rates{}) << "everybody has what they want";
  EXPECT_EQ(run(20s, 5'000'000, 20'000'000, false), Rates{}) << "a queue stands";
}

TEST_F(Planner, TriesToGetBackAfterAFall) {
  run(1s, 20'000'000, 1'000'000);
  estimate = 400'000;
  planner.on_drop(1'000'000, now);
  EXPECT_EQ(run(900ms, 20'000'000, 400'000), Rates{});
  EXPECT_EQ(run(500ms, 20'000'000, 400'000), Rates{850'000});
}

TEST_F(Planner, ProvesAtOnceWhatAShortClusterPromised) {
  const ProbePlanner::Situation situation{.estimate = estimate, .wanted = 20'000'000, .calm = true};
  EXPECT_FALSE(planner.next(situation, now)->is_proof);
  planner.on_promise(9'000'000);
  const auto proof = planner.next(situation, now);
  ASSERT_TRUE(proof);
  EXPECT_TRUE(proof->is_proof);
  EXPECT_TRUE(planner.is_proving());
  EXPECT_EQ(proof->rate, 2'000'000) << "a long cluster that goes much too far would fill a queue";
}

TEST_F(Planner, ForgetsAPromiseOnceAQueueStands) {
  ProbePlanner::Situation situation{.estimate = estimate, .wanted = 20'000'000, .calm = true};
  planner.next(situation, now);
  planner.on_promise(2'000'000);
  situation.calm = false;
  EXPECT_FALSE(planner.next(situation, now));
  situation.calm = true;
  EXPECT_FALSE(planner.next(situation, now + 1s));
}

TEST_F(Planner, DoesNotWaitForAResultForEver) {
  planner.next({.estimate = estimate, .wanted = 9'000'000, .calm = true}, now);
  EXPECT_FALSE(planner.next({.estimate = estimate, .wanted = 9'000'000, .calm = true}, now + 900ms));
  EXPECT_TRUE(planner.next({.estimate = estimate, .wanted = 9'000'000, .calm = true}, now + 5s));
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth::estimation
