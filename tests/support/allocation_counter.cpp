#include "support/allocation_counter.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>

// Sanitizers replace malloc themselves; g++ and clang say so in different ways.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CLOISTER_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#define CLOISTER_COUNTS_ALLOCATIONS !(__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define CLOISTER_COUNTS_ALLOCATIONS 1
#endif

namespace cloister::support {
namespace {

struct Slot {
  std::atomic<pid_t> thread{0};
  std::atomic<std::uint64_t> count{0};
};
// Slots are never given back: enough for all threads a test or benchmark ever starts. The last one is shared
// by those beyond.
constinit std::array<Slot, 256> slots{};
constinit std::atomic<std::size_t> slots_used{0};
constinit thread_local Slot* mine = nullptr;

// Must not allocate.
[[maybe_unused]] void count() {
  if (mine == nullptr) {
    const std::size_t next = slots_used.fetch_add(1);
    mine = &slots[next < slots.size() ? next : slots.size() - 1];
    mine->thread = gettid();
  }
  mine->count.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

bool counts_allocations() { return CLOISTER_COUNTS_ALLOCATIONS; }

std::uint64_t allocations_of(pid_t thread) {
  std::uint64_t sum = 0;
  for (const Slot& slot : slots)
    if (slot.thread == thread) sum += slot.count.load(std::memory_order_relaxed);
  return sum;
}

std::uint64_t allocations_here() { return mine == nullptr ? 0 : mine->count.load(std::memory_order_relaxed); }

}  // namespace cloister::support

#if CLOISTER_COUNTS_ALLOCATIONS
// NOLINTBEGIN: the C library's own functions under the names that it keeps for replacements (malloc(3)
// replacement, glibc manual §3.2.5).
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) {
  cloister::support::count();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  cloister::support::count();
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  cloister::support::count();
  return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  cloister::support::count();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  cloister::support::count();
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
}
// NOLINTEND
#endif
