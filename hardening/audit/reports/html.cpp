#include <fmt/format.h>
#include <fmt/ostream.h>

#include "audit/reports/format.h"
#include "audit/reports/markup.h"
#include "audit/reports/words.h"

namespace cloister::audit::reports {
namespace {

using engine::CheckReport;
using engine::Report;
using model::Verdict;

constexpr const char* kStyle = R"(
:root{color-scheme:light dark;font:16px/1.45 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #8886}
th:first-child,td:first-child{text-align:left}
h2{margin-top:2rem}details{border-bottom:1px solid #8884;padding:.35rem 0}summary{cursor:pointer}
summary small{opacity:.75;margin-left:.5rem}pre{overflow:auto;background:#8881;padding:.5rem;margin:.4rem 0}
.error,.fail{color:#c01c28}.exception,.manual,.not_judged{color:#9a6700}.pass{color:#1a7f37}
@media (prefers-color-scheme:dark){.error,.fail{color:#ff7b72}.exception,.manual,.not_judged{color:#e3b341}.pass{color:#56d364}}
)";

void write_counts(std::ostream& out, const char* of, const engine::Counts& counts) {
  fmt::print(out, "<tr><td>{}</td>", of);
  for (const Verdict verdict : kReadingOrder) fmt::print(out, "<td>{}</td>", engine::count(counts, verdict));
  out << "</tr>\n";
}

void write_summary(std::ostream& out, const Report& report) {
  out << "<table>\n<tr><th></th>";
  for (const Verdict verdict : kReadingOrder)
    fmt::print(out, "<th class=\"{}\">{}</th>", word(verdict), short_heading(verdict));
  out << "</tr>\n";
  write_counts(out, "checks", engine::count_checks(report));
  write_counts(out, "recommendations", engine::count_recommendations(report));
  out << "</table>\n";
}

void write_exception(std::ostream& out, const engine::CoveredBy& exception) {
  fmt::print(out,
             "<dl><dt>Reason</dt><dd>{}</dd><dt>Risk</dt><dd>{}</dd><dt>Instead</dt><dd>{}</dd>"
             "<dt>Accepted by</dt><dd>{} ({}), review by {}</dd></dl>\n",
             escaped(exception.reason), escaped(exception.risk), escaped(exception.compensation),
             escaped(exception.accepted_by), escaped(exception.origin), escaped(exception.review));
}

void write_check(std::ostream& out, const CheckReport& check) {
  fmt::print(out, "<details id=\"{0}\"><summary>{1}<small>{0} {2}</small></summary>\n<p>{3}</p>\n",
             escaped(check.id), escaped(check.title), escaped(fmt::format("{}", fmt::join(check.cis, ", "))),
             escaped(check.why));
  if (!check.reason.empty()) fmt::print(out, "<p>{}</p>\n", escaped(check.reason));
  if (check.exception) write_exception(out, *check.exception);
  if (!check.role.empty())
    fmt::print(out, "<p>Repaired by the role <code>{}</code></p>\n", escaped(check.role));
  if (!check.evidence.empty()) out << "<pre>";
  for (const model::Evidence& one : check.evidence)
    for (const std::string& line : lines_of(one)) fmt::print(out, "{}\n", escaped(line));
  if (!check.evidence.empty()) out << "</pre>";
  out << "</details>\n";
}

void write_group(std::ostream& out, const Report& report, Verdict verdict) {
  const std::size_t size = engine::count(engine::count_checks(report), verdict);
  if (size == 0) return;
  fmt::print(out, "<h2 class=\"{}\">{} ({})</h2>\n", word(verdict), heading(verdict), size);
  for (const CheckReport& check : report.checks)
    if (check.verdict == verdict) write_check(out, check);
}

}  // namespace

void write_html(std::ostream& out, const Report& report) {
  fmt::print(
      out,
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>Cloister audit</title>\n"
      "<style>{}</style></head><body>\n<h1>Cloister audit</h1>\n<p>{}</p>\n<p><strong>{}</strong></p>\n",
      kStyle, escaped(subject_of(report)), escaped(conclusion_of(report)));
  write_summary(out, report);
  if (!report.remarks.empty()) out << "<h2>About exceptions</h2>\n<ul>\n";
  for (const engine::Remark& remark : report.remarks)
    fmt::print(out, "<li>{}: {}</li>\n", escaped(remark.check), escaped(remark.text));
  if (!report.remarks.empty()) out << "</ul>\n";
  for (const Verdict verdict : kReadingOrder) write_group(out, report, verdict);
  out << "</body></html>\n";
}

}  // namespace cloister::audit::reports
