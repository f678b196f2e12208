#include "room/process.h"

#include <fmt/core.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

namespace cloister::bench {

ProcessUse use_of_process(pid_t process) {
  ProcessUse use;
  clockid_t clock{};
  timespec cpu{};
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &cpu) != 0) {
    fmt::print(stderr, "The process under test is gone.\n");
    std::exit(1);
  }
  use.cpu_ns =
      static_cast<std::uint64_t>(cpu.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(cpu.tv_nsec);
  const std::filesystem::path folder = fmt::format("/proc/{}", process);
  std::ifstream status(folder / "status");
  for (std::string key; status >> key;) {
    if (key == "VmRSS:") status >> use.resident_kb;
    if (key == "Threads:") status >> use.threads;
  }
  for (const auto& task : std::filesystem::directory_iterator(folder / "task")) {
    std::ifstream of_thread(task.path() / "status");
    for (std::string key; of_thread >> key;)
      if (std::uint64_t count = 0; key.ends_with("ctxt_switches:") && of_thread >> count)
        use.context_switches += count;
  }
  return use;
}

}  // namespace cloister::bench
