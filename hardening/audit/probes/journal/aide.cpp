#include <fmt/format.h>

#include "audit/probes/journal/aide_config.h"
#include "audit/probes/journal/probes.h"

namespace cloister::audit::probes {

using model::Observation;
using model::State;

// For each path what is watched of it: "acl b g i …", "nothing". AIDE takes a path by its real name: /sbin is
// a link.
Observation observe_aide(const System& system, const model::ProbeArguments& arguments) {
  if (!system.exists("/usr/bin/aide")) return {State::not_installed, {}, {}};
  if (!system.exists("/etc/aide/aide.conf")) return {State::absent, {}, "there is no /etc/aide/aide.conf"};
  const AideConfig& config = aide_config_of(system);
  Observation seen;
  for (const std::string& path : arguments.values) {
    auto attributes = watched_attributes(config, path);
    if (attributes.empty() && path.starts_with("/sbin/"))
      attributes = watched_attributes(config, "/usr" + path);
    seen.facts.push_back(
        {path, attributes.empty() ? "nothing" : fmt::format("{}", fmt::join(attributes, " "))});
  }
  return seen;
}

}  // namespace cloister::audit::probes
