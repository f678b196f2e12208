// Probes of packages, and of what systemd starts. What each takes and gives: docs/auditor/checks.md.
#pragma once

#include "audit/model/check.h"
#include "audit/model/observation.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

model::Observation observe_apt(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_mount(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_package(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_privileged(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_unit(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_unit_setting(const System& system, const model::ProbeArguments& arguments);

}  // namespace cloister::audit::probes
