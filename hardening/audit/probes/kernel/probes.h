// Probes of the kernel: its parameters, modules, command line and AppArmor. What each takes and gives:
// docs/auditor/checks.md.
#pragma once

#include "audit/model/check.h"
#include "audit/model/observation.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

model::Observation observe_apparmor(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_filesystem_modules(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_kernel_cmdline(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_module(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_processes(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_sysctl(const System& system, const model::ProbeArguments& arguments);

}  // namespace cloister::audit::probes
