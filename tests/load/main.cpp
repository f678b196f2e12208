// cloister-load: many participants in one meeting, from one machine; says what each of them received.
#include <fmt/core.h>

#include "load/report.h"

int main(int argc, char** argv) {
  using namespace cloister::load;
  int status = 0;
  const auto options = parse_options(argc, argv, status);
  if (!options) return status;
  const auto plan = make_plan(*options);
  if (!plan) {
    fmt::print(stderr, "cloister-load: {}.\n", plan.error());
    return 2;
  }
  const Outcome outcome = run(*options, *plan);
  fmt::print("{}{}", options->json ? as_json(outcome) : as_table(outcome), options->json ? "\n" : "");
  return outcome.good() ? 0 : 1;
}
