// All chosen checks on one machine → Report.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "audit/checks/benchmark.h"
#include "audit/engine/judge.h"
#include "audit/engine/report.h"
#include "audit/model/exception.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::engine {

struct Choice {
  int level = 2;  // 2 is both
  std::string profile = "server";
  // Ids of checks, or of the benchmark: a recommendation's ("5.1.20") or a section's ("5.1"). Empty: all.
  std::vector<std::string> only;
};

struct Plan {
  std::vector<model::Check> checks;
  std::vector<checks::Recommendation> benchmark;
  std::vector<model::Exception> exceptions;
  Choice choice;
  std::string today;  // "2026-11-21": an exception whose review was before it covers nothing
  std::string program;
};

// The chosen checks in the order of the report: the benchmark's first, in its order, then our own. The error
// is a sentence: a name of `only` that nothing has.
Result<std::vector<const model::Check*>, std::string> choose(const Plan& plan);

// Called before each check: how many are done, of how many.
using Progress = std::function<void(std::size_t done, std::size_t all)>;

// Each probe is asked once for the same arguments. What a probe throws becomes `unreadable`.
Look looking_at(const probes::System& system);

Report run(const Plan& plan, std::span<const model::Check* const> chosen, Machine machine, const Look& look,
           const Progress& progress = {});

}  // namespace cloister::audit::engine
