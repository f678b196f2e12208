// cloister-guard's one loop: waits for requests, for news from the kernel, for signals and for time, and
// hands them to the guard. The process that may set the firewall links no network library: poll(2) is all it
// needs.
#pragma once

#include <string>

namespace cloister::firewall::guard {

struct Options {
  std::string settings;
  std::string socket;
};

// Returns at SIGTERM or SIGINT: 0. Else the status that the process is to end with; why, has been logged. The
// rules stay in the kernel either way.
int run(const Options& options);

}  // namespace cloister::firewall::guard
