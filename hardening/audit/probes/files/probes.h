// Probes of files and folders. What each takes and gives: docs/auditor/checks.md.
#pragma once

#include "audit/model/check.h"
#include "audit/model/observation.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

model::Observation observe_access(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_banner(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_file(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_file_lines(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_find(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_setting(const System& system, const model::ProbeArguments& arguments);

}  // namespace cloister::audit::probes
