// What Debian would update, and whether the machine waits for a restart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cloister::cli::machine {

struct Updates {
  std::vector<std::string> packages;
  std::size_t security = 0;  // of them
};

// Out of what `apt-get --simulate dist-upgrade` prints.
Updates parse_updates(std::string_view simulation);
// Asks apt-get, which changes nothing and needs no rights. A sentence when it cannot be asked.
Result<Updates, std::string> pending_updates();
// By the mark that Debian's packages leave (reboot-required).
bool restart_needed();

}  // namespace cloister::cli::machine
