// From checks to recommendations.
#pragma once

#include <span>
#include <vector>

#include "audit/checks/benchmark.h"
#include "audit/engine/report.h"

namespace cloister::audit::engine {

// The recommendations that any of these checks is for, in the benchmark's order. Several checks of one: the
// first of error, fail, not judged, manual, exception, pass, alternative, not applicable that one of them
// has.
std::vector<RecommendationReport> combine(std::span<const CheckReport> checks,
                                          std::span<const checks::Recommendation> benchmark);

model::Verdict worse(model::Verdict one, model::Verdict other);

}  // namespace cloister::audit::engine
