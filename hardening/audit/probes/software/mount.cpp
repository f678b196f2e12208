#include "audit/probes/software/mount_table.h"
#include "audit/probes/software/probes.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

}  // namespace

model::Observation observe_mount(const System& system, const model::ProbeArguments& arguments) {
  const std::string& point = arguments.plain_or("path").front();
  const bool only_whether = arguments.one("field") == "mounted";
  const auto configured = configured_mount(system, point);
  std::optional<Mount> running;
  if (system.is_live()) {
    const auto table = system.read_file("/proc/self/mountinfo");
    if (!table) return observation_of(table.error());
    const auto mounts = parse_mountinfo(*table);
    if (const Mount* const found = find_mount(mounts, point)) running = *found;
  }
  const auto fact = [&](const char* name, const std::optional<Mount>& mount) {
    if (only_whether) return model::Fact{name, mount ? "yes" : "no"};
    return model::Fact{name, mount ? mount->options : std::string("not ") + name};
  };
  Observation seen;
  if (system.is_live())
    seen.facts.push_back(fact("running", running));
  else
    seen.state = State::not_running;
  seen.facts.push_back(fact("configured", configured));
  if (!only_whether && !running && !configured) return {State::absent, {}, "nothing is mounted there"};
  return seen;
}

}  // namespace cloister::audit::probes
