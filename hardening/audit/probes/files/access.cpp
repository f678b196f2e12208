#include "audit/probes/files/paths.h"
#include "audit/probes/files/probes.h"
#include "audit/probes/system/accounts.h"

namespace cloister::audit::probes {

using model::Observation;
using model::State;

Observation observe_access(const System& system, const model::ProbeArguments& arguments) {
  Observation seen;
  for (const std::string& pattern : arguments.plain_or("paths"))
    for (const std::string& path : system.glob(pattern)) {
      const auto status = system.stat(path, Follow::yes);
      if (status)
        seen.facts.push_back({path, access_text(system, *status)});
      else if (!status.error().absent())
        return observation_of(status.error());
    }
  if (seen.facts.empty()) seen.state = State::absent;
  return seen;
}

}  // namespace cloister::audit::probes
