// One audit rule, in files as auditctl(8) takes it and in the kernel, brought to one form so that the two can
// be compared.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cloister::audit::probes {

struct AuditRule {
  std::string list = "exit";       // exit, task, user, exclude, filesystem
  std::string action = "always";   // always, never
  std::string arch;                // b64, b32; "" for both
  std::set<std::string> syscalls;  // empty: all
  std::string watch;               // path of -w, -F path= and -F dir=
  std::set<char> permissions;      // of r, w, x, a; empty: all
  std::set<std::string> filters;   // -F and -C otherwise, canonical: "auid>=1000", "auid!=unset", "exit=-13"
  std::string key;

  // Without the key, which changes nothing: "-a always,exit -F arch=b64 -S adjtimex", "-w /etc/hosts -p wa".
  std::string text() const;
  friend bool operator==(const AuditRule& a, const AuditRule& b) { return a.text() == b.text(); }
};

// Nothing when the line is no rule: it controls (-D, -b, -e …), or is not understood.
std::optional<AuditRule> parse_audit_rule(std::string_view line);

// A file of rules. `enabled`: of its last -e.
struct AuditRuleFile {
  std::vector<AuditRule> rules;
  std::optional<std::string> enabled;
};
AuditRuleFile parse_audit_rules(std::string_view text);

// All that `wanted` asks for is recorded by these rules: each of its calls, permissions and architectures by
// a rule that asks for no more conditions than it does. What a rule in front of them suppresses for every
// task is not.
bool is_recorded(const AuditRule& wanted, const std::vector<AuditRule>& rules);

}  // namespace cloister::audit::probes
