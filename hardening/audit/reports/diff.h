// What changed from one run to another.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "audit/engine/report.h"

namespace cloister::audit::reports {

struct Change {
  std::string check;
  std::string title;
  std::optional<model::Verdict> before;  // absent: the check was not there
  std::optional<model::Verdict> after;   // absent: it is not there any more
  std::string reason;                    // of the later one
  bool worse = false;                    // it did not fail, and does now
  friend bool operator==(const Change&, const Change&) = default;
};

// Verdicts only: a fact that changed without changing the verdict is none. In the later report's order.
std::vector<Change> changes(const engine::Report& before, const engine::Report& after);

void write_changes(std::ostream& out, const std::vector<Change>& changes);

}  // namespace cloister::audit::reports
