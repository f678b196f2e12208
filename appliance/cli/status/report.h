// The status for people, or as JSON for programs.
#pragma once

#include <ostream>

#include "cli/status/status.h"

namespace cloister::cli::status {

void print_text(std::ostream& out, const Status& status);
// What could not be learned is {"unknown": why}.
void print_json(std::ostream& out, const Status& status);

}  // namespace cloister::cli::status
