#include "audit/engine/run.h"

#include <fmt/core.h>

#include <map>
#include <memory>

#include "audit/engine/cover.h"
#include "audit/engine/coverage.h"
#include "audit/engine/printable.h"
#include "audit/probes/registry.h"

namespace cloister::audit::engine {
namespace {

using model::Observation;
using model::State;

// So many facts tell enough of what is wrong; a report stays readable, and bounded.
constexpr std::size_t kMostFacts = 100;

Observation ask(const probes::System& system, const model::ProbeCall& call) {
  const auto* const probe = probes::find_probe(call.probe);
  if (probe == nullptr) return {State::unreadable, {}, fmt::format("there is no probe {}", call.probe)};
  try {
    return probe->observe(system, call.arguments);
  } catch (const std::exception& error) {
    return {State::unreadable, {}, fmt::format("{}: {}", call.probe, error.what())};
  }
}

// Fit to be shown and stored: few enough, and of printable characters.
void tidy(model::Evidence& evidence) {
  Observation& seen = evidence.seen;
  if (const std::size_t size = seen.facts.size(); size > kMostFacts) {
    seen.facts.resize(kMostFacts);
    seen.note = fmt::format("{}{} more", seen.note.empty() ? "" : seen.note + "; ", size - kMostFacts);
  }
  seen.note = printable(seen.note);
  for (model::Fact& fact : seen.facts) fact = {printable(fact.name), printable(fact.value)};
}

CheckReport report_of(const model::Check& check, model::Finding&& found) {
  for (model::Evidence& one : found.evidence) tidy(one);
  return {.id = check.id,
          .title = check.title,
          .why = check.why,
          .cis = check.cis,
          .level = check.level,
          .verdict = found.verdict,
          .reason = printable(found.reason),
          .evidence = std::move(found.evidence),
          .exception = {},
          .role = check.repaired_by ? check.repaired_by->role : ""};
}

}  // namespace

Look looking_at(const probes::System& system) {
  auto seen = std::make_shared<std::map<std::string, Observation>>();
  return [&system, seen](const model::ProbeCall& call) {
    const std::string key = call.text();
    auto found = seen->find(key);
    if (found == seen->end()) found = seen->emplace(key, ask(system, call)).first;
    return found->second;
  };
}

Report run(const Plan& plan, std::span<const model::Check* const> chosen, Machine machine, const Look& look,
           const Progress& progress) {
  Report report{.program = plan.program,
                .benchmark = checks::kBenchmarkName,
                .machine = machine == Machine::running ? "running" : "unpacked",
                .profile = plan.choice.profile,
                .level = plan.choice.level,
                .only = plan.choice.only,
                .checks = {},
                .recommendations = {},
                .remarks = {}};
  for (const model::Check* const check : chosen) {
    if (progress) progress(report.checks.size(), chosen.size());
    report.checks.push_back(report_of(*check, judge(*check, machine, look)));
    cover(report.checks.back(), plan.exceptions, plan.today, look, report.remarks);
  }
  if (progress) progress(chosen.size(), chosen.size());
  report.recommendations = combine(report.checks, plan.benchmark);
  return report;
}

}  // namespace cloister::audit::engine
