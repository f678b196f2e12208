#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace cloister {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "<2>%s:%d: broken rule: %s\n", file, line, condition);
  std::abort();
}

}  // namespace cloister
