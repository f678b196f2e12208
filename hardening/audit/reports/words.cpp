#include "audit/reports/words.h"

#include <fmt/format.h>

namespace cloister::audit::reports {

using engine::Report;
using model::State;
using model::Verdict;

const char* heading(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "Passes";
    case Verdict::fail: return "Fails";
    case Verdict::exception: return "Fails, and somebody has answered for it";
    case Verdict::alternative: return "Something else was chosen";
    case Verdict::not_applicable: return "Does not apply";
    case Verdict::manual: return "For a person to judge";
    case Verdict::not_judged: return "Not judged: needs a running system";
    case Verdict::error: break;
  }
  return "Not judged: something could not be read";
}

const char* short_heading(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::exception: return "except.";
    case Verdict::alternative: return "altern.";
    case Verdict::not_applicable: return "n/a";
    case Verdict::manual: return "manual";
    case Verdict::not_judged: return "offline";
    case Verdict::error: break;
  }
  return "error";
}

std::string subject_of(const Report& report) {
  return fmt::format("Audit of {}: {}, level {}, profile {} ({}){}",
                     report.machine == "running" ? "this running machine" : "an unpacked system",
                     report.benchmark, report.level, report.profile, report.program,
                     report.only.empty() ? "" : fmt::format(", only {}", fmt::join(report.only, ", ")));
}

std::string conclusion_of(const Report& report) {
  const engine::Counts counts = engine::count_checks(report);
  const std::size_t errors = engine::count(counts, Verdict::error);
  const std::size_t failures = engine::count(counts, Verdict::fail);
  if (errors != 0)
    return fmt::format("ERROR: {} checks could not be judged, {} fail. Was this run as root?", errors,
                       failures);
  return failures != 0 ? fmt::format("FAIL: {} checks fail.", failures) : "OK: no check fails.";
}

std::vector<std::string> lines_of(const model::Evidence& evidence) {
  const model::Observation& seen = evidence.seen;
  std::vector<std::string> lines = {evidence.probe};
  if (!evidence.expected.empty())
    lines[0] += fmt::format(" (expected: {}{})", evidence.expected, evidence.holds ? "" : "; it is not so");
  if (seen.state != State::observed) lines.push_back(fmt::format("  {}", word(seen.state)));
  for (const auto& [name, value] : seen.facts)
    lines.push_back(name.empty() ? "  " + value : fmt::format("  {}: {}", name, value));
  if (seen.state == State::observed && seen.facts.empty()) lines.emplace_back("  nothing found");
  if (!seen.note.empty()) lines.push_back(fmt::format("  ({})", seen.note));
  return lines;
}

}  // namespace cloister::audit::reports
