#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "support/heap.h"
#include "world/comings_and_goings.h"

namespace cloister::sim {
namespace {

// Pools and tables keep the room they once needed, so the first half hour shows the most that is needed, and
// the second what grows with every visit. The bound is between the two that are to be told apart: a forgotten
// participant is tens of kilobytes; libraries keep some 350 bytes of each SCTP association that has ended.
// Checklist: 206, 207, 210
TEST(Hour, OfJoinsAndLeavesLeavesNothingBehind) {
  constexpr std::size_t kRounds = 12;
  Sim sim{Seed{60}};
  ComingsAndGoings people(sim);
  std::vector<std::size_t> bytes;
  for (std::size_t round = 0; round < kRounds; ++round) {
    people.run_for(5min);
    people.empty();
    ASSERT_EQ(people.leftovers(), "") << sim.seed_text();
    bytes.push_back(support::bytes_in_use());
  }
  EXPECT_GT(people.visits(), 300U);
  constexpr std::size_t kForEachVisit = 4096;
  const auto half = bytes.begin() + kRounds / 2;
  EXPECT_LT(*std::max_element(half, bytes.end()),
            *std::max_element(bytes.begin(), half) + people.visits() / 2 * kForEachVisit)
      << testing::PrintToString(bytes) << " " << sim.seed_text();
}

}  // namespace
}  // namespace cloister::sim
