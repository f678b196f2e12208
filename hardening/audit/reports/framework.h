// The same results, grouped by the clauses of a law or standard.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "audit/checks/frameworks.h"
#include "audit/engine/report.h"

namespace cloister::audit::reports {

struct ClauseReport {
  std::string id;
  std::string title;
  std::vector<const engine::CheckReport*> checks;  // those of the run; they look into the report
  model::Verdict verdict =
      model::Verdict::not_applicable;  // as recommendations are combined (engine/coverage.h)
};

struct FrameworkReport {
  std::string title;
  std::string note;
  std::vector<ClauseReport> clauses;
};

// Clauses of which this run has no check are left out.
FrameworkReport view(const engine::Report& report, const checks::Framework& framework);

void write_text(std::ostream& out, const FrameworkReport& report);
void write_json(std::ostream& out, const FrameworkReport& report);

}  // namespace cloister::audit::reports
