// Probes of the network: who listens, what the packet filter does, which devices there are. What each takes
// and gives: docs/auditor/checks.md.
#pragma once

#include "audit/model/check.h"
#include "audit/model/observation.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

model::Observation observe_interfaces(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_nft(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_sockets(const System& system, const model::ProbeArguments& arguments);

}  // namespace cloister::audit::probes
