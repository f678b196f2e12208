#include "forward/place.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "support/allocation_counter.h"

namespace cloister::bench {
namespace {

[[noreturn]] void give_up(const std::string& what) {
  fmt::print(stderr, "{}: {}\n", what, std::strerror(errno));
  std::exit(1);
}

// The CPU clock of any thread of this process, numbered as the kernel does it (clock_getcpuclockid(3),
// include/linux/posix-timers.h): per thread, precise.
clockid_t cpu_clock_of(pid_t thread) {
  constexpr int kPerThread = 4;
  constexpr int kScheduler = 2;
  return ~thread * 8 | kPerThread | kScheduler;
}

}  // namespace

void move_to(const Place& place) {
  if (!place.network_namespace.empty()) {
    const int fd = open(("/run/netns/" + place.network_namespace).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 || setns(fd, CLONE_NEWNET) != 0) give_up("entering a network namespace");
    close(fd);
  }
  if (place.cpu) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(static_cast<std::size_t>(*place.cpu), &cpus);
    if (sched_setaffinity(0, sizeof cpus, &cpus) != 0) give_up("choosing a CPU");
  }
}

std::optional<pid_t> find_thread(const std::string& name) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string found;
    std::ifstream(task.path() / "comm") >> found;
    if (found == name) return static_cast<pid_t>(std::stol(task.path().filename().string()));
  }
  return std::nullopt;
}

ThreadUse use_of(pid_t thread) {
  ThreadUse use;
  timespec cpu{};
  if (clock_gettime(cpu_clock_of(thread), &cpu) != 0) give_up("reading a thread's CPU time");
  use.cpu_ns =
      static_cast<std::uint64_t>(cpu.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(cpu.tv_nsec);
  std::ifstream status(fmt::format("/proc/self/task/{}/status", thread));
  for (std::string key; status >> key;)
    if (std::uint64_t count = 0; key.ends_with("ctxt_switches:") && status >> count)
      use.context_switches += count;
  use.allocations = support::allocations_of(thread);
  return use;
}

}  // namespace cloister::bench
