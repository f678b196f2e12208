#include <fmt/format.h>

#include "audit/probes/access/probes.h"
#include "audit/probes/access/sshd_config.h"
#include "audit/probes/system/accounts.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

std::vector<std::string> host_keys(const System& system) {
  std::vector<std::string> keys;
  for (const SshdSetting& setting : sshd_config_of(system).settings)
    if (setting.keyword == "hostkey" && !setting.arguments.empty()) keys.push_back(setting.arguments.front());
  return keys.empty() ? system.glob("/etc/ssh/ssh_host_*_key") : keys;
}

// The certificates that lie there beside the keys are for the public, too.
std::vector<std::string> files_of(const System& system, std::string_view which) {
  if (which == "configuration") return sshd_config_of(system).files;
  std::vector<std::string> keys = host_keys(system);
  if (which == "public_keys")
    for (std::string& key : keys) key += ".pub";
  return keys;
}

bool has_sshd(const System& system) { return system.exists("/usr/sbin/sshd"); }

}  // namespace

Observation observe_sshd(const System& system, const model::ProbeArguments& arguments) {
  if (!has_sshd(system)) return {.state = State::not_installed, .facts = {}, .note = {}};
  const SshdConfig& config = sshd_config_of(system);
  if (!config.errors.empty()) return observation_of(config.errors.front());
  Observation seen;
  for (const SshdValue& value : effective_sshd(config, arguments.one())) {
    seen.facts.push_back({value.match.empty() ? "effective" : "match " + value.match, value.value});
    if (!value.where.empty()) seen.note += (seen.note.empty() ? "from " : ", ") + value.where;
  }
  if (seen.facts.empty()) seen.state = State::absent;
  return seen;
}

Observation observe_sshd_files(const System& system, const model::ProbeArguments& arguments) {
  if (!has_sshd(system)) return {.state = State::not_installed, .facts = {}, .note = {}};
  Observation seen;
  for (const std::string& path : files_of(system, arguments.one())) {
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
