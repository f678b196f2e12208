#include <algorithm>
#include <array>

#include "audit/probes/access/probes.h"
#include "audit/probes/access/sudoers.h"
#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

// What sudo 1.9.13 does when nothing is set.
std::string_view usual(std::string_view name) {
  if (name == "timestamp_timeout") return "15";
  if (name == "use_pty") return "no";
  return {};
}

bool has_tag(const SudoersTree::Rule& rule, std::string_view tag) {
  // "ALL=(ALL:ALL) NOPASSWD: ALL", "NOPASSWD:ALL", "NOPASSWD :ALL"
  return std::ranges::count(words_of(rule.text, " \t:=(),"), tag) > 0;
}

// Rules, by their place, that do without a password.
void add_without_password(const SudoersTree& tree, Observation& seen) {
  for (const SudoersTree::Rule& rule : tree.rules)
    if (has_tag(rule, "NOPASSWD")) seen.facts.push_back({rule.where, rule.text});
}

// The same as a setting, for whomever.
void add_without_authentication(const SudoersTree& tree, Observation& seen) {
  for (const SudoersTree::Default& one : tree.defaults)
    if (one.name == "authenticate" && one.value == "no")
      seen.facts.push_back({one.where, "Defaults" + one.scope + " !authenticate"});
}

// What applies to everybody, then each setting for some only.
void add_setting(const SudoersTree& tree, const std::string& name, Observation& seen) {
  std::string value = sudo_default(tree, name);
  if (value.empty()) value = usual(name);
  if (!value.empty()) seen.facts.push_back({"effective", value});
  for (const SudoersTree::Default& one : tree.defaults)
    if (!one.scope.empty() && one.name == name) seen.facts.push_back({one.where, one.value});
  if (seen.facts.empty()) seen.state = State::absent;
}

}  // namespace

Observation observe_sudo(const System& system, const model::ProbeArguments& arguments) {
  if (!system.exists("/usr/bin/sudo")) return {.state = State::not_installed, .facts = {}, .note = {}};
  const SudoersTree& tree = sudoers_of(system);
  if (!tree.errors.empty()) return observation_of(tree.errors.front());
  Observation seen;
  if (const std::string& query = arguments.one(); query == "without_password")
    add_without_password(tree, seen);
  else if (query == "without_authentication")
    add_without_authentication(tree, seen);
  else
    add_setting(tree, query, seen);
  return seen;
}

}  // namespace cloister::audit::probes
