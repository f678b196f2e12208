#include "audit/probes/kernel/modprobe_files.h"
#include "audit/probes/kernel/probes.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

std::string loaded(const KernelModules& modules, const std::string& name) {
  if (modules.loaded.contains(name)) return "yes";
  const bool inside = modules.builtin.contains(name) || modules.known_filesystems.contains(name);
  return inside ? "builtin" : "no";
}

// Where no kernel is installed (a container), the rules alone decide.
std::string loadable(const KernelModules& modules, const std::string& name) {
  if (modules.any_kernel && !modules.on_disk.contains(name)) return "no";
  const bool refused = modules.rules.refused.contains(name);
  const bool blacklisted = modules.rules.blacklisted.contains(name);
  if (refused && blacklisted) return "no";
  if (refused) return "not blacklisted";
  return blacklisted ? "by its name" : "yes";
}

}  // namespace

model::Observation observe_module(const System& system, const model::ProbeArguments& arguments) {
  const KernelModules& modules = kernel_modules(system);
  const std::string name = module_name(arguments.one());
  Observation seen;
  if (!system.is_live())
    seen.state = State::not_running;
  else if (system.exists("/run/systemd/container"))
    seen.note = "a container: what its kernel has loaded is the business of the machine around it";
  else
    seen.facts.push_back({"loaded", loaded(modules, name)});
  seen.facts.push_back({"loadable", loadable(modules, name)});
  return seen;
}

model::Observation observe_filesystem_modules(const System& system, const model::ProbeArguments& arguments) {
  const KernelModules& modules = kernel_modules(system);
  Observation seen;
  if (arguments.one() == "in_use") {
    if (!system.is_live()) return {State::not_running, {}, {}};
    for (const std::string& name : modules.known_filesystems) seen.facts.push_back({"known", name});
    return seen;
  }
  for (const std::string& name : modules.filesystems)
    if (loadable(modules, name) != "no") seen.facts.push_back({"loadable", name});
  return seen;
}

}  // namespace cloister::audit::probes
