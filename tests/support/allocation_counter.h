// How often a thread asks the heap for memory, by whatever way: operator new, OpenSSL's malloc, the C
// library's. Needs the object library cloister_allocation_counter, which replaces malloc in the whole
// program. "No allocation per packet" is a test, not a hope.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace cloister::support {

// False in builds where the sanitizers own malloc: there all counts are 0.
bool counts_allocations();

// Since the thread began. `thread` is its number as the kernel gives it (gettid(2)); any thread may ask.
std::uint64_t allocations_of(pid_t thread);
std::uint64_t allocations_here();

}  // namespace cloister::support
