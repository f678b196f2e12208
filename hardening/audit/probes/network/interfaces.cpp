#include "audit/probes/network/probes.h"

namespace cloister::audit::probes {
namespace {

constexpr const char* kFolder = "/sys/class/net/";

bool is_wireless(const System& system, const std::string& name) {
  return system.exists(kFolder + name + "/wireless") || system.exists(kFolder + name + "/phy80211");
}

std::string driver_of(const System& system, const std::string& name) {
  const auto link = system.read_link(kFolder + name + "/device/driver");
  return link ? link->substr(link->rfind('/') + 1) : "unknown";
}

}  // namespace

model::Observation observe_interfaces(const System& system, const model::ProbeArguments& arguments) {
  if (!system.is_live()) return {model::State::not_running, {}, {}};
  const auto names = system.list(kFolder);
  if (!names) return observation_of(names.error());
  model::Observation seen;
  for (const std::string& name : *names)
    if (arguments.one() != "wireless" || is_wireless(system, name))
      seen.facts.push_back({name, driver_of(system, name)});
  return seen;
}

}  // namespace cloister::audit::probes
