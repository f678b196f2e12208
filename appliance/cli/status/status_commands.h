// `cloister status`: how the server is, at a glance.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace cloister::cli::status {

// Exit status: 0 when all services run, else 1. What could not be learned otherwise is said and no fault.
void add_commands(CLI::App& cloister, std::function<int()>& chosen);

}  // namespace cloister::cli::status
