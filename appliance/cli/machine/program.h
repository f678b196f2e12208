// Runs another program to its end and keeps what it said.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/personal.h"
#include "base/result.h"

namespace cloister::cli::machine {

struct Ended {
  int status = 0;      // 128 + the signal's number when one ended it
  std::string output;  // at most kMostOutput of each; the rest is read and dropped
  std::string errors;
};

inline constexpr std::size_t kMostOutput = std::size_t{4} << 20U;

// The first word is looked for in PATH when it has no slash. No shell; LC_ALL is C, so that what it says can
// be read. `input` is all that it may read: a few lines. ETIMEDOUT when it had to be killed.
Result<Ended, SystemError> run_program(const std::vector<std::string>& words, std::chrono::seconds patience,
                                       const Personal<std::string>& input = {});

}  // namespace cloister::cli::machine
