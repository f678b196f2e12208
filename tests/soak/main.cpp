// Bridge and focus on a simulated network, with participants who come and go for as many real seconds as
// asked:
//
//   cmake --preset asan && cmake --build build/asan --target cloister-soak
//   build/asan/tests/soak/cloister-soak --minutes 10
//
// Every round is another seed. It ends with 1 and the seed when a round leaves something behind.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "support/heap.h"
#include "world/comings_and_goings.h"

namespace {

using cloister::sim::ComingsAndGoings;
using cloister::sim::Seed;
using cloister::sim::Sim;

struct Totals {
  std::uint64_t rounds = 0;
  std::size_t visits = 0;
};

// False when the bridge still holds something when all have left.
bool run_round(std::uint64_t seed, Totals& totals) {
  using namespace std::chrono_literals;
  Sim sim{Seed{seed}};
  ComingsAndGoings people(sim);
  people.run_for(2min);
  people.empty();
  ++totals.rounds;
  totals.visits += people.visits();
  const std::string leftovers = people.leftovers();
  if (!leftovers.empty())
    fmt::print(stderr, "seed {}: left behind:{}\n{}\n", seed, leftovers, sim.flow_diagram());
  return leftovers.empty();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli{"Lets participants come and go, and looks whether anything stays."};
  double seconds = 10;
  double minutes = 0;
  std::uint64_t seed = 1;
  cli.add_option("--seconds", seconds, "How long, in real time")->capture_default_str();
  cli.add_option("--minutes", minutes, "How long, in minutes");
  cli.add_option("--seed", seed, "Of the first round")->capture_default_str();
  CLI11_PARSE(cli, argc, argv);

  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(minutes > 0 ? minutes * 60 : seconds);
  Totals totals;
  std::size_t first_bytes = 0;
  bool clean = true;
  while (clean && (totals.rounds == 0 || Clock::now() < end)) {
    clean = run_round(seed++, totals);
    if (totals.rounds == 1) first_bytes = cloister::support::bytes_in_use();
  }
  const std::size_t last_bytes = cloister::support::bytes_in_use();
  fmt::print("{} rounds, {} visits, {} bytes in use after the first round, {} after the last\n",
             totals.rounds, totals.visits, first_bytes, last_bytes);
  const bool flat = last_bytes < first_bytes + 256 * 1024;
  return clean && flat ? 0 : 1;
}
