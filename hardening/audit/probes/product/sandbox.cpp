// What a service may do and where its output goes, as unit file and drop-ins together say it.
#include <algorithm>
#include <array>
#include <map>

#include "audit/probes/product/probes.h"
#include "audit/probes/software/unit_files.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

constexpr std::array<std::string_view, 26> kSingle{"NoNewPrivileges",
                                                   "ProtectSystem",
                                                   "ProtectHome",
                                                   "PrivateTmp",
                                                   "PrivateDevices",
                                                   "PrivateUsers",
                                                   "PrivateIPC",
                                                   "ProtectClock",
                                                   "ProtectHostname",
                                                   "ProtectKernelLogs",
                                                   "ProtectKernelModules",
                                                   "ProtectProc",
                                                   "LockPersonality",
                                                   "RestrictRealtime",
                                                   "RestrictSUIDSGID",
                                                   "ProtectKernelTunables",
                                                   "ProtectControlGroups",
                                                   "MemoryDenyWriteExecute",
                                                   "RestrictNamespaces",
                                                   "LimitCORE",
                                                   "StandardOutput",
                                                   "StandardError",
                                                   "User",
                                                   "AppArmorProfile",
                                                   "MemorySwapMax",
                                                   "UMask"};
// What is named several times adds up, and an empty line forgets what was before (systemd.exec(5)).
constexpr std::array<std::string_view, 6> kLists{"CapabilityBoundingSet", "AmbientCapabilities",
                                                 "SystemCallFilter",      "RestrictAddressFamilies",
                                                 "IPAddressAllow",        "IPAddressDeny"};

using Settings = std::map<std::string, std::string, std::less<>>;

template <class Names>
bool is_among(const Names& names, const std::string& key) {
  return std::ranges::find(names, key) != names.end();
}

void take(const UnitLine& line, Settings& settings) {
  if (line.section != "Service") return;
  if (is_among(kSingle, line.key)) {
    settings[line.key] = line.value;
  } else if (is_among(kLists, line.key)) {
    std::string& value = settings[line.key];
    if (line.value.empty()) value.clear();
    value += (value.empty() ? "" : " ") + line.value;
  }
}

}  // namespace

Observation observe_sandbox(const System& system, const model::ProbeArguments& arguments) {
  const auto unit = find_unit(system, arguments.one());
  if (!unit || unit->masked) return {State::absent, {}, "systemd has no such unit, or it is masked"};
  // The defaults that matter here; all of systemd's others are "no".
  Settings settings{
      {"StandardOutput", "journal"},
      {"StandardError",  "inherit"},
      {"User",           "root"   }
  };
  for (const UnitLine& line : unit_lines(system, *unit)) take(line, settings);
  Observation seen;
  for (auto& [name, value] : settings)
    seen.facts.push_back({name, value.empty() ? "none" : std::move(value)});
  return seen;
}

}  // namespace cloister::audit::probes
