// `cloister firewall …`. What reads the kernel's rules does so by itself, so that it works without a guard;
// what changes them asks the guard.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace cloister::cli::firewall {

inline constexpr int kDiffers = 3;  // exit status of `plan` when there is something to do

// Adds the command. Once the line is parsed, `chosen` does what was asked for and gives the exit status.
void add_commands(CLI::App& cloister, std::function<int()>& chosen);

}  // namespace cloister::cli::firewall
