// How much room there is.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace cloister::cli::machine {

struct Space {
  std::uint64_t total = 0;  // bytes
  std::uint64_t free = 0;   // bytes that a service may still have
  // Of a hundred.
  unsigned used() const { return total == 0 ? 0 : static_cast<unsigned>(100 - free * 100 / total); }
};

// Of the file system that `path` lies on.
Result<Space, SystemError> disk_space(const std::string& path);
Result<Space, SystemError> memory();

// "12.3 GB"
std::string size_text(std::uint64_t bytes);

}  // namespace cloister::cli::machine
