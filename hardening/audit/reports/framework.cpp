#include "audit/reports/framework.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <boost/json.hpp>

#include "audit/engine/coverage.h"

namespace cloister::audit::reports {
namespace {

namespace json = boost::json;
using engine::CheckReport;
using model::Verdict;

ClauseReport view(const engine::Report& report, const checks::Clause& clause) {
  ClauseReport out{.id = clause.id, .title = clause.title, .checks = {}};
  for (const CheckReport& check : report.checks) {
    if (std::ranges::find(clause.checks, check.id) == clause.checks.end()) continue;
    out.verdict = out.checks.empty() ? check.verdict : engine::worse(out.verdict, check.verdict);
    out.checks.push_back(&check);
  }
  return out;
}

std::size_t passed(const ClauseReport& clause) {
  return static_cast<std::size_t>(std::ranges::count(clause.checks, Verdict::pass, &CheckReport::verdict));
}

json::object object_of(const ClauseReport& clause) {
  json::array all;
  for (const CheckReport* const check : clause.checks)
    all.push_back(json::object{
        {"id",      check->id           },
        {"verdict", word(check->verdict)},
        {"reason",  check->reason       },
    });
  return {
      {"id",      clause.id           },
      {"title",   clause.title        },
      {"verdict", word(clause.verdict)},
      {"checks",  std::move(all)      },
  };
}

}  // namespace

FrameworkReport view(const engine::Report& report, const checks::Framework& framework) {
  FrameworkReport out{.title = framework.title, .note = framework.note, .clauses = {}};
  for (const checks::Clause& clause : framework.clauses)
    if (ClauseReport one = view(report, clause); !one.checks.empty()) out.clauses.push_back(std::move(one));
  return out;
}

void write_text(std::ostream& out, const FrameworkReport& report) {
  fmt::print(out, "{}\n", report.title);
  if (!report.note.empty()) fmt::print(out, "{}\n", report.note);
  for (const ClauseReport& clause : report.clauses) {
    fmt::print(out, "\n{}: {}\n  {}: {} of {} checks pass\n", clause.id, clause.title, word(clause.verdict),
               passed(clause), clause.checks.size());
    for (const CheckReport* const check : clause.checks)
      if (check->verdict != Verdict::pass)
        fmt::print(out, "  {:<14} {}: {}\n", word(check->verdict), check->id, check->title);
  }
}

void write_json(std::ostream& out, const FrameworkReport& report) {
  json::array clauses;
  for (const ClauseReport& clause : report.clauses) clauses.push_back(object_of(clause));
  out << json::serialize(json::object{
             {"format",    "cloister-audit-framework/1"},
             {"framework", report.title                },
             {"note",      report.note                 },
             {"clauses",   std::move(clauses)          },
  })
      << '\n';
}

}  // namespace cloister::audit::reports
