#include "audit/reports/explain.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>

#include "audit/checks/benchmark.h"
#include "audit/engine/expectation.h"

namespace cloister::audit::reports {
namespace {

using model::Check;
using model::Condition;

void write_condition(std::ostream& out, const Condition& condition, int depth) {
  const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  if (condition.kind == Condition::Kind::look) {
    fmt::print(out, "{}{}\n{}  expected: {}\n", indent, condition.call.text(), indent,
               engine::in_words(condition.expect));
    return;
  }
  fmt::print(out, "{}{}\n", indent, condition.kind == Condition::Kind::all ? "all of" : "one of");
  for (const Condition& part : condition.parts) write_condition(out, part, depth + 1);
}

void write_manual(std::ostream& out, const model::Manual& manual) {
  fmt::print(out, "\nA person judges: {}\nThe report brings\n", manual.question);
  for (const model::ProbeCall& call : manual.evidence) fmt::print(out, "  {}\n", call.text());
}

void write_exception(std::ostream& out, const model::Exception& exception) {
  fmt::print(out, "\nException ({}): {}\n  risk: {}\n  instead: {}\n  accepted by {}, review by {}\n",
             word(exception.origin), exception.reason, exception.risk, exception.compensation,
             exception.accepted_by, exception.review);
  if (!exception.when) return;
  out << "  only where\n";
  write_condition(out, *exception.when, 2);
}

}  // namespace

void explain(std::ostream& out, const Check& check, std::span<const model::Exception> exceptions) {
  fmt::print(out, "{}: {}\n\n{}\n\n", check.id, check.title, check.why);
  fmt::print(out, "Benchmark: {}\n",
             check.cis.empty() ? std::string("none, our own")
                               : fmt::format("{} {}", checks::kBenchmarkName, fmt::join(check.cis, ", ")));
  fmt::print(out, "Level: {}\n", check.level);
  if (check.applies_when) {
    out << "\nApplies only where\n";
    write_condition(out, check.applies_when->condition, 1);
  }
  if (check.alternative) {
    fmt::print(out, "\nNot needed where {} was chosen, as is proved by\n", check.alternative->to);
    write_condition(out, check.alternative->proof, 1);
  }
  if (check.condition) {
    out << "\nPasses when\n";
    write_condition(out, *check.condition, 1);
  }
  if (check.manual) write_manual(out, *check.manual);
  if (check.repaired_by)
    fmt::print(out, "\nRepaired by the role {}{}\n", check.repaired_by->role,
               check.repaired_by->variable.empty() ? "" : fmt::format(" ({})", check.repaired_by->variable));
  const auto exception = std::ranges::find(exceptions, check.id, &model::Exception::check);
  if (exception != exceptions.end()) write_exception(out, *exception);
}

void list(std::ostream& out, std::span<const Check* const> checks) {
  for (const Check* const check : checks)
    fmt::print(out, "{:<44} {:<10} L{}  {}\n", check->id,
               check->cis.empty() ? "own" : fmt::format("{}", fmt::join(check->cis, ",")), check->level,
               check->title);
}

}  // namespace cloister::audit::reports
