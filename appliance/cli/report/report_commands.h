// `cloister report privacy|gdpr`: what may honestly be said of this server, out of what it runs with.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace cloister::cli::report {

// Exit status: 0 when every sentence holds, 1 when one does not or could not be checked, 2 without a report.
void add_commands(CLI::App& cloister, std::function<int()>& chosen);

}  // namespace cloister::cli::report
