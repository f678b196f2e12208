// What is asked of a running system beyond its files. Each door is a question with values for an answer, so
// that a test can answer it; a door that is not there answers nothing: the system does not run. The real ones
// are made in probes/live.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace cloister::audit::probes {

// The kernel's audit subsystem (netlink, AUDIT_GET and AUDIT_LIST_RULES).
struct AuditKernel {
  unsigned enabled = 0;            // 2: locked until the next start
  std::vector<std::string> rules;  // in the text form of audit.rules(7)
};

struct Doors {
  std::function<Result<AuditKernel, SystemError>()> audit;
};

}  // namespace cloister::audit::probes
