#include "audit/probes/software/probes.h"
#include "audit/probes/software/unit_files.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

// Apart, for g++ 12 takes what is absent for unset when it sees it all at once.
[[gnu::noinline]] std::optional<bool> active_of(const System& system, const UnitFile& unit) {
  return system.is_live() ? is_active(system, unit) : std::nullopt;
}

}  // namespace

model::Observation observe_unit(const System& system, const model::ProbeArguments& arguments) {
  const std::vector<std::string>& names = arguments.plain_or("units");
  const std::string& field = arguments.one("field");
  const bool wants_active = field != "enabled";
  const bool wants_enabled = field != "active";
  Observation seen;
  bool any = false;
  for (const std::string& name : names) {
    const auto found = find_unit(system, name);
    const bool by_script = !found && has_enabled_script(system, name);
    const UnitFile unit = found.value_or(UnitFile{name, {}, false});
    const std::optional<bool> active = active_of(system, unit);
    if (!found && !by_script && !active.value_or(false)) continue;
    any = true;
    const std::string prefix = names.size() > 1 ? name + " " : "";
    if (wants_active && active) seen.facts.push_back({prefix + "active", *active ? "active" : "inactive"});
    if (wants_enabled)
      seen.facts.push_back({prefix + "enabled", found       ? enabled_state(system, unit)
                                                : by_script ? "enabled"
                                                            : "static"});
  }
  if (!any) return {State::absent, {}, "systemd knows no such unit"};
  if (wants_active && !system.is_live()) seen.state = State::not_running;
  return seen;
}

model::Observation observe_unit_setting(const System& system, const model::ProbeArguments& arguments) {
  const auto unit = find_unit(system, arguments.one("unit"));
  if (!unit || unit->masked) return {State::absent, {}, "systemd has no such unit, or it is masked"};
  Observation seen;
  for (const UnitLine& line : unit_lines(system, *unit)) {
    if (line.key != arguments.one("key")) continue;
    if (line.value.empty() || !arguments.flag("list", false)) seen.facts.clear();
    if (!line.value.empty()) seen.facts.push_back({"configured", line.value});
  }
  if (seen.facts.empty()) seen.state = State::absent;
  return seen;
}

}  // namespace cloister::audit::probes
