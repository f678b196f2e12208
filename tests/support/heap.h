// How much the program has allocated and not given back.
#pragma once

#include <malloc.h>

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define CLOISTER_UNDER_ASAN 1
#elif defined(__has_feature)
#define CLOISTER_UNDER_ASAN __has_feature(address_sanitizer)
#else
#define CLOISTER_UNDER_ASAN 0
#endif

#if CLOISTER_UNDER_ASAN
#include <sanitizer/allocator_interface.h>
#endif

namespace cloister::support {

// The address sanitizer has an allocator of its own, of which the library's own count knows nothing.
inline std::size_t bytes_in_use() {
#if CLOISTER_UNDER_ASAN
  return __sanitizer_get_current_allocated_bytes();
#else
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

}  // namespace cloister::support
