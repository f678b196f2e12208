// Probes of the product itself. What each takes and gives: docs/auditor/checks.md.
#pragma once

#include "audit/model/check.h"
#include "audit/model/observation.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

model::Observation observe_certificate(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_hosts(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_sandbox(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_web(const System& system, const model::ProbeArguments& arguments);

}  // namespace cloister::audit::probes
