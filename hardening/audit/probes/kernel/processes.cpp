#include "audit/probes/system/processes.h"

#include <algorithm>

#include "audit/probes/kernel/probes.h"
#include "audit/probes/system/accounts.h"

namespace cloister::audit::probes {

model::Observation observe_processes(const System& system, const model::ProbeArguments& arguments) {
  if (!system.is_live()) return {model::State::not_running, {}, {}};
  model::Observation seen;
  for (const Process& process : running_processes(system))
    if (process.name == arguments.one())
      seen.facts.push_back({std::to_string(process.id), user_name(system, process.uid)});
  if (seen.facts.empty()) seen.state = model::State::absent;
  return seen;
}

}  // namespace cloister::audit::probes
