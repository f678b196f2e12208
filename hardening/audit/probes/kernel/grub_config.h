// The kernels that GRUB starts: the "linux" lines of its configuration.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cloister::audit::probes {

struct BootEntry {
  std::size_t line = 0;
  std::string parameters;  // without the kernel's file
};

std::vector<BootEntry> parse_grub(std::string_view text);

}  // namespace cloister::audit::probes
