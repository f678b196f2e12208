// Probes of who gets in: sshd, sudo, PAM, accounts, shells. What each takes and gives:
// docs/auditor/checks.md.
#pragma once

#include "audit/model/check.h"
#include "audit/model/observation.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

model::Observation observe_sshd(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_sshd_files(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_sudo(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_pam(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_faillock(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_pwquality(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_accounts(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_passwords(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_homes(const System& system, const model::ProbeArguments& arguments);
model::Observation observe_shells(const System& system, const model::ProbeArguments& arguments);

}  // namespace cloister::audit::probes
