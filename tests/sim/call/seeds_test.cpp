#include <gtest/gtest.h>

#include "world/sim.h"

namespace cloister::sim {
namespace {

// One evening as the seed has it: people come over lines of all kinds, show themselves, leave, or vanish.
class Evening {
public:
  explicit Evening(Sim& sim) : sim_(sim) {}

  void run() {
    for (int i = 0; i < 25; ++i) {
      step();
      sim_.run_for(Duration(static_cast<std::int64_t>(chance() * 400'000'000)));
    }
    while (!sim_.participants().empty()) sim_.leave(*sim_.participants().front());
  }

private:
  double chance() { return std::uniform_real_distribution<>(0, 1)(sim_.random()); }
  Participant& anybody() {
    return *sim_.participants()[static_cast<std::size_t>(chance() *
                                                         static_cast<double>(sim_.participants().size()))];
  }
  support::Link any_line() {
    return {.delay = Duration(static_cast<std::int64_t>(chance() * 80'000'000)),
            .jitter = Duration(static_cast<std::int64_t>(chance() * 20'000'000)),
            .loss = chance() * 0.2,
            .duplication = chance() * 0.05,
            .reordering = chance() * 0.1,
            .bits_per_second = chance() < 0.3 ? std::optional<std::int64_t>(500'000) : std::nullopt};
  }
  void step() {
    const double what = chance();
    if (sim_.participants().size() < 2 || (what < 0.4 && sim_.participants().size() < 5)) return join();
    if (what < 0.5) return sim_.leave(anybody());
    if (what < 0.55) return sim_.vanish(anybody());
    if (what < 0.7)
      return anybody().asks_for_height(std::array{0, 180, 360, 720}[static_cast<std::size_t>(chance() * 4)]);
    if (what < 0.8) return anybody().hides_camera();
    if (what < 0.9) return anybody().shows_camera();
    anybody().host().down = any_line();
  }
  void join() {
    Participant& joined = sim_.join(
        "p" + std::to_string(++count_),
        {.link = any_line(), .room = chance() < 0.7 ? "red" : "blue", .encodings = chance() < 0.5 ? 3U : 1U});
    if (chance() < 0.7) joined.shows_camera();
    if (chance() < 0.7) joined.speaks();
  }

  Sim& sim_;
  int count_ = 0;
};

class Seeds : public testing::TestWithParam<int> {};

TEST_P(Seeds, LeaveNothingBehind) {
  for (int seed = GetParam(); seed < GetParam() + 10; ++seed) {
    Sim sim{Seed{static_cast<std::uint64_t>(seed)}};
    SCOPED_TRACE(sim.seed_text());
    Evening(sim).run();
    sim.run_for(150s);  // whatever the bridge keeps for latecomers and for the vanished
    EXPECT_EQ(sim.bridge().conferences(), 0U) << sim.flow_diagram();
    EXPECT_EQ(sim.bridge().transports(), 0U);
    EXPECT_EQ(sim.bridge().packets_in_use(), 0U);
    EXPECT_EQ(sim.bridge().counters().endpoints.value(), 0);
    EXPECT_EQ(sim.bridge().counters().conferences.value(), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(AHundred, Seeds, testing::Range(100, 200, 10));

}  // namespace
}  // namespace cloister::sim
