// ASSERT: we broke a rule of our own. Aborts in all builds; never used for anything that came from outside.
#pragma once

namespace cloister {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;
}

#define ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::cloister::assertion_failed(#condition, __FILE__, __LINE__))
