// `cloister audit …`: is this machine as it should be, who says so, and how is it proved later.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace cloister::cli::audit {

// Exit status: 0 no check fails, 1 one does, 2 something could not be judged.
inline constexpr int kError = 2;

// Adds the command. Once the line is parsed, `chosen` does what was asked for and gives the exit status.
void add_commands(CLI::App& cloister, std::function<int()>& chosen);

}  // namespace cloister::cli::audit
