// `cloister completion bash`: the completion of its own command line, made from the commands themselves.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace cloister::cli::completion {

// A script for bash: which words may follow which commands. Names of files complete where nothing else does.
std::string bash_script(const CLI::App& cloister);

// Added last: it knows the commands that were added before.
void add_commands(CLI::App& cloister, std::function<int()>& chosen);

}  // namespace cloister::cli::completion
