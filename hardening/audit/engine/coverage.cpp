#include "audit/engine/coverage.h"

#include <algorithm>
#include <map>

namespace cloister::audit::engine {
namespace {

using model::Verdict;

constexpr Verdict kWorstFirst[] = {Verdict::error,       Verdict::fail,          Verdict::not_judged,
                                   Verdict::manual,      Verdict::exception,     Verdict::pass,
                                   Verdict::alternative, Verdict::not_applicable};

}  // namespace

Verdict worse(Verdict one, Verdict other) {
  return *std::ranges::find_if(kWorstFirst, [&](Verdict each) { return each == one || each == other; });
}

std::vector<RecommendationReport> combine(std::span<const CheckReport> checks,
                                          std::span<const checks::Recommendation> benchmark) {
  std::map<std::string, RecommendationReport> found;
  for (const CheckReport& check : checks)
    for (const std::string& id : check.cis) {
      auto [place, is_first] = found.try_emplace(id);
      RecommendationReport& one = place->second;
      one.verdict = is_first ? check.verdict : worse(one.verdict, check.verdict);
      one.checks.push_back(check.id);
    }
  std::vector<RecommendationReport> all;
  for (const checks::Recommendation& recommendation : benchmark)
    if (const auto place = found.find(recommendation.id); place != found.end()) {
      all.push_back(std::move(place->second));
      all.back().id = recommendation.id;
      all.back().level = recommendation.level;
    }
  return all;
}

}  // namespace cloister::audit::engine
