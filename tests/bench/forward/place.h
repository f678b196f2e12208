// Where a benchmark's threads run: in which network namespace, on which CPU, and what they used of it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace cloister::bench {

// Namespaces of `ip netns add`, joined by a veth pair, so that a sender does not pay the receiver's half of
// the network stack, as it does over loopback. An empty name: the one we are in.
struct Place {
  std::string network_namespace;
  std::string ip = "127.0.0.1";
  std::optional<int> cpu;
};

// Moves the calling thread; threads that it starts follow. Ends the program with a sentence when it cannot.
void move_to(const Place& place);

// The thread of this process with that name (pthread_setname_np).
std::optional<pid_t> find_thread(const std::string& name);

struct ThreadUse {
  std::uint64_t cpu_ns = 0;
  std::uint64_t context_switches = 0;
  std::uint64_t allocations = 0;
};
ThreadUse use_of(pid_t thread);

}  // namespace cloister::bench
