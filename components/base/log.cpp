#include "base/log.h"

#include <cstdio>

namespace cloister::log {

void write(int priority, const std::string& line) {
  std::fprintf(stderr, "<%d>%s\n", priority, line.c_str());
}

}  // namespace cloister::log
