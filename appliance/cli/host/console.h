// Talks with whoever sits at the terminal, or with a script at its other end. Questions go to standard error,
// answers come from standard input, a line each; what was asked for goes to standard output.
#pragma once

#include <optional>
#include <string>

#include "gate/secrets/secret.h"

namespace cloister::cli::host {

bool at_terminal();  // standard input is one

// The next line, without its end. At a terminal the prompt is shown, and the answer is not echoed if it is
// `hidden`. Nothing at the end of the input.
enum class Echo : std::uint8_t { shown, hidden };
std::optional<gate::secrets::Secret> ask_line(const std::string& prompt, Echo echo);

// "cloister: …" on standard error; gives 1, the exit status.
int complain(const std::string& what);

}  // namespace cloister::cli::host
