// `cloister audit keygen|store|history|export|verify`: proof of earlier runs.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/audit/run.h"

namespace cloister::cli::audit {

// Adds them to `cloister audit`, whose own options choose what is run by `store`.
void add_evidence_commands(CLI::App& audit, const RunOptions& run, std::function<int()>& chosen);

}  // namespace cloister::cli::audit
