// From the options of `cloister audit` to a report of this machine, or of an unpacked one.
#pragma once

#include <string>
#include <vector>

#include "audit/checks/frameworks.h"
#include "audit/engine/report.h"
#include "audit/engine/run.h"
#include "base/result.h"

namespace cloister::cli::audit {

struct RunOptions {
  std::string checks = "/usr/share/cloister/checks";  // a folder as hardening/checks
  std::string exceptions = "/etc/cloister/audit-exceptions.yaml";
  std::string root = "/";
  cloister::audit::engine::Choice choice;
};

// What is wrong, a line each.
using Problems = std::vector<std::string>;

// Checks, benchmark and exceptions. Today is the calendar's day in UTC.
Result<cloister::audit::engine::Plan, Problems> load_plan(const RunOptions& options);

// Of the checks' folder: "gdpr" …
Result<cloister::audit::checks::Framework, Problems> load_framework(const RunOptions& options,
                                                                    const std::string& name);

enum class Progress : std::uint8_t { quiet, shown };  // on standard error

Result<cloister::audit::engine::Report, Problems> run_audit(const RunOptions& options, Progress progress);

}  // namespace cloister::cli::audit
