#include <fmt/format.h>

#include <algorithm>
#include <compare>

#include "audit/probes/access/sudoers.h"
#include "audit/probes/files/file_walk.h"
#include "audit/probes/journal/audit_rule.h"
#include "audit/probes/journal/probes.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

// The numbers inside names count as numbers, as for `ls -v`, by which augenrules sorts: 9.rules
// before 10.rules.
bool sorts_before(const std::string& a, const std::string& b) { return strverscmp(a.c_str(), b.c_str()) < 0; }

struct Rules {
  AuditRuleFile configured;
  std::optional<FileError> error;
  bool runs = false;  // the kernel answered
  std::string why_not;
  AuditRuleFile running;
};

// What augenrules would load: rules.d, or audit.rules where nothing else is.
void read_configured(const System& system, Rules& rules) {
  auto files = system.glob("/etc/audit/rules.d/*.rules");
  std::ranges::sort(files, sorts_before);
  if (files.empty()) files = system.glob("/etc/audit/audit.rules");
  for (const std::string& path : files) {
    const auto content = system.read_file(path);
    if (!content) {
      rules.error = content.error();
      return;
    }
    AuditRuleFile file = parse_audit_rules(*content);
    std::ranges::move(file.rules, std::back_inserter(rules.configured.rules));
    if (file.enabled) rules.configured.enabled = file.enabled;
  }
}

void ask_kernel(const System& system, Rules& rules) {
  const auto kernel = system.doors().audit();
  if (!kernel) {
    rules.why_not = fmt::format("{}: {}", kernel.error().doing, kernel.error().code.message());
    return;
  }
  rules.runs = true;
  rules.running.enabled = std::to_string(kernel->enabled);
  for (const std::string& line : kernel->rules)
    if (auto rule = parse_audit_rule(line)) rules.running.rules.push_back(std::move(*rule));
}

// Its kernel is another machine's, and lets it have no part in auditing.
bool is_container(const System& system) { return system.exists("/run/systemd/container"); }

const Rules& rules_of(const System& system) {
  return system.remember<Rules>("audit rules", [&] {
    Rules rules;
    read_configured(system, rules);
    if (system.is_live() && system.doors().audit && !is_container(system)) ask_kernel(system, rules);
    return rules;
  });
}

// Calls look(name, file, seen) for what is configured and, when the kernel has told, for what runs.
template <class Look>
Observation in_both(const System& system, Look look) {
  const Rules& rules = rules_of(system);
  if (rules.error) return observation_of(*rules.error);
  Observation seen;
  look("configured", rules.configured, seen);
  if (rules.runs)
    look("running", rules.running, seen);
  else if (!system.is_live() || is_container(system))
    seen.state = State::not_running;
  else
    seen = {State::unreadable, {}, rules.why_not};
  if (is_container(system))
    seen.note = "a container: what is recorded is the business of the machine around it";
  return seen;
}

// "{sudo logfile}" stands for what sudoers says.
std::optional<AuditRule> wanted_rule(const System& system, std::string text) {
  constexpr std::string_view kPlace = "{sudo logfile}";
  if (const auto at = text.find(kPlace); at != std::string::npos)
    text.replace(at, kPlace.size(), sudo_default(sudoers_of(system), "logfile"));
  return parse_audit_rule(text);
}

// Every rule asked for that is not there, as the check writes it.
Observation missing(const System& system, const std::vector<std::string>& texts) {
  return in_both(system, [&](const char* where, const AuditRuleFile& file, Observation& seen) {
    for (const std::string& text : texts) {
      const auto wanted = wanted_rule(system, text);
      if (!wanted || !is_recorded(*wanted, file.rules)) seen.facts.push_back({where, text});
    }
  });
}

// Every program that gains rights and whose use is not recorded.
Observation missing_programs(const System& system) {
  const FileWalk& walk = walk_files(system);
  if (!walk.unreadable.empty() && walk.privileged.empty())
    return {State::unreadable, {}, "cannot list " + walk.unreadable.front()};
  return in_both(system, [&](const char* where, const AuditRuleFile& file, Observation& seen) {
    for (const WalkedFile& program : walk.privileged) {
      if (!program.may_gain_rights) continue;
      AuditRule wanted;
      wanted.watch = program.path;
      wanted.permissions = {'x'};
      wanted.filters = {"auid>=1000", "auid!=unset"};
      if (!is_recorded(wanted, file.rules)) seen.facts.push_back({where, program.path});
    }
  });
}

Observation lock(const System& system) {
  return in_both(system, [](const char* where, const AuditRuleFile& file, Observation& seen) {
    seen.facts.push_back({where, file.enabled.value_or("unset")});
  });
}

void add_difference(const char* where, const AuditRuleFile& here, const AuditRuleFile& there,
                    Observation& seen) {
  for (const AuditRule& rule : here.rules)
    if (std::ranges::count(there.rules, rule) == 0) seen.facts.push_back({where, rule.text()});
}

// Rules that are only in the files, or only in the kernel.
Observation difference(const System& system) {
  const Rules& rules = rules_of(system);
  if (!system.is_live() || is_container(system)) return {State::not_running, {}, {}};
  return in_both(system, [&](const char* where, const AuditRuleFile& file, Observation& seen) {
    const bool configured = &file == &rules.configured;
    add_difference(where, file, configured ? rules.running : rules.configured, seen);
  });
}

}  // namespace

Observation observe_audit_rules(const System& system, const model::ProbeArguments& arguments) {
  if (!system.exists("/sbin/auditctl")) return {State::not_installed, {}, {}};
  if (arguments.has("missing")) return missing(system, arguments.all("missing"));
  const std::string& query = arguments.one();
  if (query == "programs") return missing_programs(system);
  if (query == "lock") return lock(system);
  if (query == "difference") return difference(system);
  return {State::unreadable, {}, "audit_rules knows no query " + query};
}

}  // namespace cloister::audit::probes
