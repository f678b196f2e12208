#include <algorithm>

#include "audit/probes/access/pam_stack.h"
#include "audit/probes/access/probes.h"
#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

// "pam_faillock:preauth pam_unix pam_faillock:authfail pam_deny": the modules of that type, in order.
std::string order_of(const std::vector<PamStackLine>& stack, std::string_view type) {
  std::string order;
  for (const PamStackLine& line : stack) {
    if (line.type != type) continue;
    if (!order.empty()) order += ' ';
    order += line.module;
    for (const char* stage : {"preauth", "authfail", "authsucc"})
      if (line.argument(stage)) order += std::string(":") + stage;
  }
  return order;
}

void add_lines(const std::vector<PamStackLine>& stack, const model::ProbeArguments& arguments,
               Observation& seen) {
  for (const PamStackLine& line : stack) {
    if (line.module != arguments.one("module")) continue;
    if (arguments.has("type") && line.type != arguments.one("type")) continue;
    const bool one_argument = arguments.has("argument");
    seen.facts.push_back(
        {line.where, one_argument ? line.argument(arguments.one("argument")).value_or("no") : line.text()});
  }
}

// A file of "key = value" and bare words, as faillock.conf and pwquality.conf are.
void read_settings(std::string_view text, const std::string& key, std::optional<std::string>& value) {
  for (const auto& [number, whole] : lines_of(text)) {
    const auto line = trimmed(whole.substr(0, whole.find('#')));
    const auto parts = split_at(line, '=');
    if ((parts ? parts->first : line) == key) value = parts ? std::string(parts->second) : "yes";
  }
}

struct ModuleFiles {
  const char* module;
  const char* service;
  std::vector<std::string> files;  // a later one wins
};

// What the module's files say, else its default; and each line of the stack that says otherwise. A module
// that is in no stack does nothing, whatever its files say.
Observation observe_module(const System& system, const ModuleFiles& of, const std::string& key,
                           std::string_view usual) {
  const auto stack = pam_stack(system, of.service);
  if (!stack) return observation_of(stack.error());
  Observation seen;
  bool active = false;
  for (const PamStackLine& line : *stack) {
    if (line.module != of.module) continue;
    active = true;
    if (const auto given = line.argument(key)) seen.facts.push_back({line.where, *given});
  }
  if (!active) {
    seen.state = State::absent;
    seen.note = std::string(of.module) + " is not in " + of.service;
    return seen;
  }
  std::optional<std::string> value;
  for (const std::string& path : of.files) {
    if (const auto content = system.read_file(path))
      read_settings(*content, key, value);
    else if (!content.error().absent())
      return observation_of(content.error());
  }
  if (!value && !usual.empty()) value = usual;
  if (value) seen.facts.insert(seen.facts.begin(), {"configured", *value});
  if (seen.facts.empty()) seen.state = State::absent;
  return seen;
}

std::string_view faillock_default(std::string_view key) {
  if (key == "deny") return "3";
  if (key == "unlock_time") return "600";
  if (key == "fail_interval") return "900";
  return {};
}

std::string_view pwquality_default(std::string_view key) {
  if (key == "difok") return "1";
  if (key == "minlen") return "8";
  if (key == "dictcheck" || key == "enforcing") return "1";
  for (const char* none :
       {"maxrepeat", "maxsequence", "minclass", "dcredit", "ucredit", "lcredit", "ocredit"})
    if (key == none) return "0";
  return {};
}

ModuleFiles pwquality_files(const System& system) {
  ModuleFiles of{"pam_pwquality", "common-password", system.glob("/etc/security/pwquality.conf.d/*.conf")};
  of.files.emplace_back("/etc/security/pwquality.conf");
  return of;
}

// How many kinds of characters a password must have: minclass, or every kind whose credit is negative.
Observation required_classes(const System& system) {
  Observation seen = observe_pwquality(system, {.values = {"minclass"}, .named = {}});
  if (seen.state != State::observed) return seen;
  int demanded = 0;
  for (const char* credit : {"dcredit", "ucredit", "lcredit", "ocredit"}) {
    const Observation one = observe_pwquality(system, {.values = {credit}, .named = {}});
    if (std::ranges::all_of(one.facts, [](const model::Fact& fact) { return fact.value.starts_with('-'); }))
      ++demanded;
  }
  for (model::Fact& fact : seen.facts)
    if (fact.value.size() == 1) fact.value = std::max(fact.value, std::to_string(demanded));
  return seen;
}

}  // namespace

Observation observe_pam(const System& system, const model::ProbeArguments& arguments) {
  Observation seen;
  for (const std::string& service : arguments.all("service")) {
    const auto stack = pam_stack(system, service);
    if (!stack) return observation_of(stack.error());
    if (arguments.has("module"))
      add_lines(*stack, arguments, seen);
    else
      seen.facts.push_back({service, order_of(*stack, arguments.one("type"))});
  }
  if (seen.facts.empty()) seen.state = State::absent;
  return seen;
}

Observation observe_faillock(const System& system, const model::ProbeArguments& arguments) {
  const std::string& key = arguments.one();
  return observe_module(system, {"pam_faillock", "common-auth", {"/etc/security/faillock.conf"}}, key,
                        faillock_default(key));
}

Observation observe_pwquality(const System& system, const model::ProbeArguments& arguments) {
  const std::string& key = arguments.one();
  if (key == "required_classes") return required_classes(system);
  return observe_module(system, pwquality_files(system), key, pwquality_default(key));
}

}  // namespace cloister::audit::probes
