// Counts operator new in a test binary: include in exactly one file of it. "No allocation per packet" is a
// test, not a hope.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace cloister::test {
inline std::atomic<std::size_t> allocations{0};
}

// NOLINTBEGIN: replacements of the global operators. Inlined, g++ would take free() for the wrong way to
// delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++cloister::test::allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++cloister::test::allocations;
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
// NOLINTEND
