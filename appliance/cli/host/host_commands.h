// `cloister host …`: the operator's hand on the hosts' accounts. Works on the gate's database itself, under
// the gate's user (docs/decisions), so it does not matter whether the gate runs.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace cloister::cli::host {

// Adds the command. Once the line is parsed, `chosen` does what was asked for and gives the exit status.
void add_commands(CLI::App& cloister, std::function<int()>& chosen);

}  // namespace cloister::cli::host
