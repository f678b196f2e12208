// `cloister backup FILE` and `cloister restore FILE`: the operator's data, sealed by a passphrase.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace cloister::cli::backup {

void add_commands(CLI::App& cloister, std::function<int()>& chosen);

}  // namespace cloister::cli::backup
