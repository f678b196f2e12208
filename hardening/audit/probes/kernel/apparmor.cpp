#include <map>

#include "audit/probes/kernel/apparmor_files.h"
#include "audit/probes/kernel/probes.h"
#include "audit/probes/system/processes.h"
#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

constexpr const char* kFolder = "/etc/apparmor.d";
constexpr std::size_t kLargest = 4 * 1024 * 1024;

Observation kernel(const System& system) {
  if (!system.is_live()) return {State::not_running, {}, {}};
  const auto enabled = system.read_file("/sys/module/apparmor/parameters/enabled");
  if (!enabled) return observation_of(enabled.error());
  return {State::observed, {{"enabled", std::string(first_line(*enabled))}}, {}};
}

Observation profiles(const System& system) {
  if (!system.is_live()) return {State::not_running, {}, {}};
  const auto text = system.read_file("/sys/kernel/security/apparmor/profiles", kLargest);
  if (!text) return observation_of(text.error());
  return {State::observed, parse_profiles(*text), {}};
}

bool is_linked(const System& system, const char* folder, const std::string& name) {
  return system.stat(std::string(kFolder) + folder + name).has_value();
}

// Every file of the folder itself with what it declares; folders below hold parts and settings.
std::map<std::string, std::vector<ProfileText>> profile_files(const System& system) {
  std::map<std::string, std::vector<ProfileText>> files;
  const auto names = system.list(kFolder);
  if (!names) return files;
  for (const std::string& name : *names) {
    const std::string path = std::string(kFolder) + "/" + name;
    const auto text = system.read_file(path);
    if (!text || name.find(".dpkg-") != std::string::npos) continue;
    if (auto profiles = parse_profile_file(*text); !profiles.empty())
      files.emplace(name, std::move(profiles));
  }
  return files;
}

Observation configured(const System& system) {
  if (!system.exists(kFolder)) return {State::absent, {}, {}};
  Observation seen;
  for (const auto& [name, profiles] : profile_files(system))
    for (const ProfileText& profile : profiles) {
      std::string mode = profile.mode;
      if (is_linked(system, "/force-complain/", name)) mode = "complain";
      if (is_linked(system, "/disable/", name)) mode = "disabled";
      seen.facts.push_back({std::string(kFolder) + "/" + name, mode});
    }
  return seen;
}

// "cloister-gate (enforce)" → is it confined?
bool is_confined(const System& system, int process) {
  for (const char* const path : {"/attr/apparmor/current", "/attr/current"})
    if (const auto label = system.read_file("/proc/" + std::to_string(process) + path); label)
      return first_line(*label) != "unconfined";
  return false;
}

// Processes whose program has a profile that they do not run under.
Observation unconfined_processes(const System& system) {
  if (!system.is_live()) return {State::not_running, {}, {}};
  const auto files = profile_files(system);
  Observation seen;
  for (const Process& process : running_processes(system)) {
    if (process.program.empty() || is_confined(system, process.id)) continue;
    for (const auto& [name, profiles] : files)
      for (const ProfileText& profile : profiles)
        if (attaches(profile.attachment, process.program))
          seen.facts.push_back({std::to_string(process.id), process.program});
  }
  return seen;
}

}  // namespace

model::Observation observe_apparmor(const System& system, const model::ProbeArguments& arguments) {
  const std::string& what = arguments.one();
  if (what == "kernel") return kernel(system);
  if (what == "profiles") return profiles(system);
  if (what == "configured") return configured(system);
  if (what == "unconfined_processes") return unconfined_processes(system);
  return {State::unreadable, {}, "apparmor knows no " + what};
}

}  // namespace cloister::audit::probes
