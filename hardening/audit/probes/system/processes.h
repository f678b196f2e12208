// The processes of a running system, as /proc shows them.
#pragma once

#include <string>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

struct Process {
  int id = 0;
  std::string name;     // at most 15 bytes, as the kernel keeps it
  uid_t uid = 0;        // by whose rights it acts
  std::string program;  // the file that it runs; "" for the kernel's own, and where it may not be read
};

// In the order of their ids. Read once per run; none when the system does not run.
const std::vector<Process>& running_processes(const System& system);

}  // namespace cloister::audit::probes
