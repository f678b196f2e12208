// A report in the form that was asked for. The same report gives the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string_view>

#include "audit/engine/report.h"

namespace cloister::audit::reports {

enum class Format : std::uint8_t { text, json, html, sarif, junit };

std::optional<Format> parse_format(std::string_view word);

enum class Detail : std::uint8_t { what_matters, everything };  // text: with what passes, and all evidence

void write(std::ostream& out, Format format, const engine::Report& report,
           Detail detail = Detail::what_matters);

void write_text(std::ostream& out, const engine::Report& report, Detail detail);
void write_html(std::ostream& out, const engine::Report& report);   // one page, nothing loaded from elsewhere
void write_sarif(std::ostream& out, const engine::Report& report);  // SARIF 2.1.0 (OASIS)
void write_junit(std::ostream& out, const engine::Report& report);

}  // namespace cloister::audit::reports
