// What the kernel's audit subsystem says of itself, over netlink (linux/audit.h). Asks only; needs
// CAP_AUDIT_CONTROL.
#pragma once

#include "audit/probes/system/doors.h"

namespace cloister::audit::probes {

// A kernel without auditing: enabled 0, no rules.
Result<AuditKernel, SystemError> read_audit_kernel();

}  // namespace cloister::audit::probes
