#include "audit/probes/software/dpkg_status.h"
#include "audit/probes/software/probes.h"

namespace cloister::audit::probes {

model::Observation observe_package(const System& system, const model::ProbeArguments& arguments) {
  const auto& packages = installed_packages(system);
  if (!packages) return observation_of(packages.error());
  model::Observation seen;
  for (const std::string& name : arguments.values)
    if (const auto found = packages->find(name); found != packages->end())
      seen.facts.push_back({name, found->second});
  if (seen.facts.empty()) seen.state = model::State::not_installed;
  return seen;
}

}  // namespace cloister::audit::probes
