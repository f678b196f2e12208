// `cloister doctor`: says in words what is wrong with the server, and what to do about it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace cloister::cli::doctor {

// Exit status: 0 all well, 1 a warning, 2 an error.
void add_commands(CLI::App& cloister, std::function<int()>& chosen);

}  // namespace cloister::cli::doctor
