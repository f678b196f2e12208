#include "audit/probes/journal/audit_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "audit/probes/journal/syscall_names.h"
#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

constexpr std::string_view kPermissions = "rwxa";

std::string canonical_arch(std::string_view arch) {
  if (arch == "x86_64" || arch == "c000003e") return "b64";
  if (arch == "i386" || arch == "i686" || arch == "40000003") return "b32";
  return std::string(arch);
}

std::string canonical_errno(std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, int>, 5> kErrors{
      {{"EPERM", 1}, {"ENOENT", 2}, {"EACCES", 13}, {"EEXIST", 17}, {"EROFS", 30}}
  };
  const bool negative = value.starts_with('-');
  for (const auto& [name, code] : kErrors)
    if (value.substr(negative ? 1 : 0) == name) return fmt::format("{}{}", negative ? "-" : "", code);
  return std::string(value);
}

std::string canonical_id(std::string_view value) {
  return value == "4294967295" || value == "-1" ? "unset" : std::string(value);
}

struct Field {
  std::string_view name;
  std::string_view operation;
  std::string_view value;
};
std::optional<Field> split_field(std::string_view text) {
  const auto at = text.find_first_of("=!<>&");
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  const auto end = std::min(text.find_first_not_of("=!<>&", at), text.size());
  return Field{text.substr(0, at), text.substr(at, end - at), text.substr(end)};
}

// "0x0" and "0" are one.
std::string canonical_argument(std::string_view value) {
  const auto hexadecimal = value.starts_with("0x") ? number(value.substr(2), 16) : std::nullopt;
  return hexadecimal ? std::to_string(*hexadecimal) : std::string(value);
}

// /var/run is a link to /run.
std::string canonical_path(std::string_view path) {
  std::string canonical(path.starts_with("/var/run/") ? path.substr(4) : path);
  while (canonical.size() > 1 && canonical.ends_with('/')) canonical.pop_back();
  return canonical;
}

bool add_field(std::string_view text, AuditRule& rule) {
  const auto field = split_field(text);
  if (!field) return false;
  const auto& [name, operation, value] = *field;
  if (name == "arch" && operation == "=") {
    rule.arch = canonical_arch(value);
  } else if ((name == "path" || name == "dir") && operation == "=") {
    rule.watch = value;
  } else if (name == "perm" && operation == "=") {
    rule.permissions.insert(value.begin(), value.end());
  } else if (name == "key") {
    rule.key = value;
  } else {
    const std::string known(name == "loginuid" ? "auid" : name);
    const std::string canonical = name == "exit"           ? canonical_errno(value)
                                  : known.ends_with("uid") ? canonical_id(value)
                                                           : canonical_argument(value);
    rule.filters.insert(fmt::format("{}{}{}", known, operation, canonical));
  }
  return true;
}

// "uid!=euid" and "euid!=uid" are one.
bool add_comparison(std::string_view text, AuditRule& rule) {
  const auto field = split_field(text);
  if (!field) return false;
  const auto [first, second] = std::minmax(field->name, field->value);
  rule.filters.insert(fmt::format("{}{}{}", first, field->operation, second));
  return true;
}

// "always,exit" or "exit,always"
bool set_list(std::string_view text, AuditRule& rule) {
  for (const auto word : words_of(text, ",")) {
    if (word == "always" || word == "never")
      rule.action = word;
    else
      rule.list = word == "entry" ? "exit" : word;
  }
  return true;
}

bool set_option(std::string_view option, std::string_view value, AuditRule& rule) {
  if (option == "-a" || option == "-A") return set_list(value, rule);
  if (option == "-w") {
    rule.watch = value;
    return true;
  }
  if (option == "-p") {
    rule.permissions.insert(value.begin(), value.end());
    return true;
  }
  if (option == "-S") {
    for (const auto call : words_of(value, ",")) rule.syscalls.emplace(call);
    return true;
  }
  if (option == "-F") return add_field(value, rule);
  if (option == "-C") return add_comparison(value, rule);
  if (option == "-k") {
    rule.key = value;
    return true;
  }
  return false;
}

bool covers(const AuditRule& rule, const AuditRule& wanted, const std::string& call, char permission) {
  const bool same_calls = rule.syscalls.empty() || (!call.empty() && rule.syscalls.contains(call));
  const bool same_access =
      rule.permissions.empty() || (permission != 0 && rule.permissions.contains(permission));
  return rule.action == "always" && rule.list == wanted.list &&
         (rule.arch.empty() || rule.arch == wanted.arch) && rule.watch == wanted.watch && same_calls &&
         same_access && std::ranges::includes(wanted.filters, rule.filters);
}

bool suppresses_all(const AuditRule& rule) {
  return rule.action == "never" && (rule.list == "task" || rule.list == "exit") && rule.filters.empty() &&
         rule.syscalls.empty() && rule.watch.empty();
}

bool is_recorded_on_its_arch(const AuditRule& wanted, const std::vector<AuditRule>& rules) {
  std::set<std::string> calls = wanted.syscalls;
  if (calls.empty()) calls.insert("");
  std::set<char> permissions = wanted.permissions;
  if (permissions.empty()) permissions.insert('\0');
  return std::ranges::all_of(calls, [&](const std::string& call) {
    return std::ranges::all_of(permissions, [&](char permission) {
      return std::ranges::any_of(
          rules, [&](const AuditRule& rule) { return covers(rule, wanted, call, permission); });
    });
  });
}

}  // namespace

std::string AuditRule::text() const {
  std::string access;
  for (const char permission : kPermissions)
    if (permissions.contains(permission)) access += permission;
  const bool only_watch = !watch.empty() && syscalls.empty() && arch.empty() && filters.empty() &&
                          list == "exit" && action == "always";
  if (only_watch) return fmt::format("-w {} -p {}", watch, access.empty() ? kPermissions : access);
  std::string text = fmt::format("-a {},{}", action, list);
  if (!arch.empty()) text += " -F arch=" + arch;
  if (!syscalls.empty()) text += fmt::format(" -S {}", fmt::join(syscalls, ","));
  if (!watch.empty()) text += " -F path=" + watch;
  if (!access.empty()) text += " -F perm=" + access;
  for (const std::string& filter : filters) text += " -F " + filter;
  return text;
}

std::optional<AuditRule> parse_audit_rule(std::string_view line) {
  const auto words = words_of(line);
  AuditRule rule;
  if (words.size() < 2) return std::nullopt;
  if (words[0] != "-a" && words[0] != "-A" && words[0] != "-w") return std::nullopt;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2)
    if (!set_option(words[i], unquoted(words[i + 1]), rule)) return std::nullopt;
  if (words.size() % 2 != 0) return std::nullopt;
  rule.watch = canonical_path(rule.watch);
  if (rule.permissions == std::set<char>(kPermissions.begin(), kPermissions.end())) rule.permissions.clear();
  std::set<std::string> calls;
  if (!rule.syscalls.contains("all"))
    for (const std::string& call : rule.syscalls) calls.insert(canonical_syscall(rule.arch, call));
  rule.syscalls = std::move(calls);
  return rule;
}

AuditRuleFile parse_audit_rules(std::string_view text) {
  AuditRuleFile file;
  for (const auto& [line_number, line] : lines_of(text)) {
    if (auto rule = parse_audit_rule(line))
      file.rules.push_back(std::move(*rule));
    else if (const auto words = words_of(line); words.size() == 2 && words[0] == "-e")
      file.enabled = words[1];
  }
  return file;
}

bool is_recorded(const AuditRule& wanted, const std::vector<AuditRule>& rules) {
  if (!rules.empty() && suppresses_all(rules.front())) return false;
  if (!wanted.arch.empty()) return is_recorded_on_its_arch(wanted, rules);
  if (is_recorded_on_its_arch(wanted, rules)) return true;
  return std::ranges::all_of(std::array{"b32", "b64"}, [&](const char* arch) {
    AuditRule one = wanted;
    one.arch = arch;
    return is_recorded_on_its_arch(one, rules);
  });
}

}  // namespace cloister::audit::probes
