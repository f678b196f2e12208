// A report as JSON and back: docs/auditor/report.schema.json. What is stored and signed is this text.
#pragma once

#include <string>
#include <string_view>

#include "audit/engine/report.h"
#include "base/result.h"

namespace cloister::audit::reports {

inline constexpr const char* kReportFormat = "cloister-audit-report/1";

std::string json_text(const engine::Report& report);

// Exactly what json_text() writes, whatever its blanks. The error is a sentence.
Result<engine::Report, std::string> parse_json(std::string_view text);

}  // namespace cloister::audit::reports
