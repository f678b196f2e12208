// Runs another program to its end and keeps what it said.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"

namespace cloister::cli::machine {

struct Ended {
  int status = 0;      // 128 + the signal's number when one ended it
  std::string output;  // at most kMostOutput of each; the rest is read and dropped
  std::string errors;
};

inline constexpr std::size_t kMostOutput = std::size_t{4} << 20U;

// The first word is looked for in PATH when it has no slash. No shell, no standard input; LC_ALL is C, so
// that what it says can be read. ETIMEDOUT when it had to be killed.
Result<Ended, SystemError> run_program(const std::vector<std::string>& words, std::chrono::seconds patience);

}  // namespace cloister::cli::machine
