#include <fmt/core.h>

#include <algorithm>

#include "audit/engine/run.h"

namespace cloister::audit::engine {
namespace {

using model::Check;

bool is_chosen(const Check& check, const Choice& choice) {
  if (check.level > choice.level) return false;
  if (std::ranges::find(check.profiles, choice.profile) == check.profiles.end()) return false;
  return choice.only.empty() || std::ranges::any_of(choice.only, [&](const std::string& name) {
           return checks::is_named(check, name);
         });
}

// The benchmark's in its order, then ours in that of their files.
bool earlier(const Check* one, const Check* other) {
  if (one->cis.empty() || other->cis.empty()) return !one->cis.empty() && other->cis.empty();
  return checks::before(one->cis.front(), other->cis.front());
}

}  // namespace

Result<std::vector<const Check*>, std::string> choose(const Plan& plan) {
  for (const std::string& name : plan.choice.only)
    if (std::ranges::none_of(plan.checks, [&](const Check& check) { return checks::is_named(check, name); }))
      return fail(fmt::format("{} is no check, and no recommendation or section of the benchmark", name));
  std::vector<const Check*> chosen;
  for (const Check& check : plan.checks)
    if (is_chosen(check, plan.choice)) chosen.push_back(&check);
  if (chosen.empty()) return fail(std::string("no check has that level and profile"));
  std::ranges::stable_sort(chosen, earlier);
  return chosen;
}

}  // namespace cloister::audit::engine
