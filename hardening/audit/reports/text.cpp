#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>

#include "audit/reports/format.h"
#include "audit/reports/words.h"

namespace cloister::audit::reports {
namespace {

using engine::CheckReport;
using engine::Report;
using model::Verdict;

constexpr const char* kIndent = "            ";

void write_evidence(std::ostream& out, const CheckReport& check) {
  for (const model::Evidence& one : check.evidence)
    for (const std::string& line : lines_of(one)) fmt::print(out, "{}{}\n", kIndent, line);
}

void write_exception(std::ostream& out, const engine::CoveredBy& exception) {
  fmt::print(out, "{0}reason: {1}\n{0}risk: {2}\n{0}instead: {3}\n{0}accepted by {4} ({5}), review by {6}\n",
             kIndent, exception.reason, exception.risk, exception.compensation, exception.accepted_by,
             exception.origin, exception.review);
}

void write_check(std::ostream& out, const CheckReport& check, Detail detail) {
  const std::string cis = check.cis.empty() ? "own" : fmt::format("{}", fmt::join(check.cis, ", "));
  fmt::print(out, "  {:<9} {}\n{}{}\n", cis, check.title, kIndent, check.id);
  if (!check.reason.empty()) fmt::print(out, "{}{}\n", kIndent, check.reason);
  if (check.exception) write_exception(out, *check.exception);
  if (check.verdict == Verdict::fail && !check.role.empty())
    fmt::print(out, "{}repaired by the role {}\n", kIndent, check.role);
  const bool is_proof = check.verdict == Verdict::manual || check.verdict == Verdict::alternative ||
                        check.verdict == Verdict::not_applicable;
  if (is_proof || detail == Detail::everything) write_evidence(out, check);
}

void write_group(std::ostream& out, const Report& report, Verdict verdict, Detail detail) {
  const std::size_t size = engine::count(engine::count_checks(report), verdict);
  if (size == 0 || (verdict == Verdict::pass && detail == Detail::what_matters)) return;
  fmt::print(out, "\n{} ({})\n", heading(verdict), size);
  for (const CheckReport& check : report.checks)
    if (check.verdict == verdict) write_check(out, check, detail);
}

void write_counts(std::ostream& out, const char* of, const engine::Counts& counts) {
  fmt::print(out, "{:<18}", of);
  for (const Verdict verdict : kReadingOrder) fmt::print(out, "{:>8}", engine::count(counts, verdict));
  out << '\n';
}

void write_summary(std::ostream& out, const Report& report) {
  fmt::print(out, "\n{:<18}", "");
  for (const Verdict verdict : kReadingOrder) fmt::print(out, "{:>8}", short_heading(verdict));
  out << '\n';
  write_counts(out, "checks", engine::count_checks(report));
  write_counts(out, "recommendations", engine::count_recommendations(report));
}

}  // namespace

void write_text(std::ostream& out, const Report& report, Detail detail) {
  fmt::print(out, "{}\n", subject_of(report));
  for (const Verdict verdict : kReadingOrder) write_group(out, report, verdict, detail);
  if (!report.remarks.empty()) out << "\nAbout exceptions\n";
  for (const engine::Remark& remark : report.remarks)
    fmt::print(out, "  {}: {}\n", remark.check, remark.text);
  write_summary(out, report);
  fmt::print(out, "\n{}\n", conclusion_of(report));
}

}  // namespace cloister::audit::reports
