#include "audit/reports/format.h"

#include "audit/reports/json.h"

namespace cloister::audit::reports {

std::optional<Format> parse_format(std::string_view word) {
  if (word == "text") return Format::text;
  if (word == "json") return Format::json;
  if (word == "html") return Format::html;
  if (word == "sarif") return Format::sarif;
  if (word == "junit") return Format::junit;
  return std::nullopt;
}

void write(std::ostream& out, Format format, const engine::Report& report, Detail detail) {
  switch (format) {
    case Format::text: return write_text(out, report, detail);
    case Format::json: out << json_text(report) << '\n'; return;
    case Format::html: return write_html(out, report);
    case Format::sarif: return write_sarif(out, report);
    case Format::junit: return write_junit(out, report);
  }
}

}  // namespace cloister::audit::reports
