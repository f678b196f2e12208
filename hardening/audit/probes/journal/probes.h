// Probes of what is recorded and kept: the audit subsystem, log files, file integrity. What each takes and
// gives: docs/auditor/checks.md.
#pragma once

#include "audit/model/check.h"
#include "audit/model/observation.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

model::Observation observe_aide(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_audit_files(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_audit_rules(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_log_files(const System& system, const model::ProbeArguments& arguments);

}  // namespace cloister::audit::probes
