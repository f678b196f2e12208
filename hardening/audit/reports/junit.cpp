#include <fmt/format.h>
#include <fmt/ostream.h>

#include "audit/reports/format.h"
#include "audit/reports/markup.h"
#include "audit/reports/words.h"

namespace cloister::audit::reports {
namespace {

using engine::CheckReport;
using model::Verdict;

// The element inside a test case; nothing for what passes. What nobody has to repair counts as skipped, with
// why.
const char* element_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return nullptr;
    case Verdict::fail: return "failure";
    case Verdict::error: return "error";
    default: return "skipped";
  }
}

void write_case(std::ostream& out, const CheckReport& check) {
  const std::string group = check.cis.empty() ? "own" : check.cis.front();
  fmt::print(out, "    <testcase classname=\"{}\" name=\"{}\">", escaped(group), escaped(check.id));
  if (const char* const element = element_of(check.verdict); element != nullptr) {
    const std::string& why = check.exception ? check.exception->reason : check.reason;
    fmt::print(out, "<{} message=\"{}: {}: {}\"/>", element, escaped(check.title), heading(check.verdict),
               escaped(why));
  }
  out << "</testcase>\n";
}

}  // namespace

void write_junit(std::ostream& out, const engine::Report& report) {
  const engine::Counts counts = engine::count_checks(report);
  const std::size_t errors = engine::count(counts, Verdict::error);
  const std::size_t failures = engine::count(counts, Verdict::fail);
  const std::size_t skipped = report.checks.size() - errors - failures - engine::count(counts, Verdict::pass);
  fmt::print(out,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
             "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
             escaped(subject_of(report)), report.checks.size(), failures, errors, skipped);
  for (const CheckReport& check : report.checks) write_case(out, check);
  out << "  </testsuite>\n</testsuites>\n";
}

}  // namespace cloister::audit::reports
