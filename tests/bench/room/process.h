// A process under test, seen from outside.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace cloister::bench {

struct ProcessUse {
  std::uint64_t cpu_ns = 0;  // of all its threads
  std::uint64_t context_switches = 0;
  std::uint64_t resident_kb = 0;
  std::uint64_t threads = 0;
};

// Ends the program when there is no such process.
ProcessUse use_of_process(pid_t process);

}  // namespace cloister::bench
