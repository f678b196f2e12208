#include "audit/probes/kernel/sysctl_files.h"

#include <fnmatch.h>

#include <algorithm>

#include "audit/probes/files/paths.h"
#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

bool is_pattern(std::string_view key) { return key.find_first_of("*?[") != std::string_view::npos; }

void append(const System& system, const std::string& path, std::vector<SysctlLine>& lines) {
  const auto text = system.read_file(path);
  if (!text) return;
  for (SysctlLine& line : parse_sysctl(*text)) lines.push_back(std::move(line));
}

// A shell's variable: KEY=value, also in quotes.
std::string shell_value(const System& system, const std::string& path, std::string_view key) {
  const auto text = system.read_file(path);
  std::string value;
  if (!text) return value;
  for (const Line& line : lines_of(*text))
    if (const auto parts = split_at(line.text, '='); parts && parts->first == key)
      value = unquoted(parts->second);
  return value;
}

}  // namespace

std::string sysctl_path(std::string_view key) {
  std::string path(key);
  const std::size_t first = path.find_first_of("./");
  if (first == std::string::npos || path[first] == '/') return path;
  // In this form a dot parts, and a slash stands for a dot inside a name.
  for (char& c : path)
    if (c == '.')
      c = '/';
    else if (c == '/')
      c = '.';
  return path;
}

std::vector<SysctlLine> parse_sysctl(std::string_view text) {
  std::vector<SysctlLine> lines;
  for (const Line& line : lines_of(text, "#;")) {
    const bool minus = line.text.front() == '-';
    const std::string_view rest = trimmed(line.text.substr(minus ? 1 : 0));
    if (const auto parts = split_at(rest, '='); parts)
      lines.push_back({sysctl_path(parts->first), std::string(parts->second), true});
    else if (minus)
      lines.push_back({sysctl_path(rest), {}, false});
  }
  return lines;
}

std::optional<std::string> configured_value(const std::vector<SysctlLine>& lines, const std::string& path) {
  std::optional<std::string> by_pattern;
  std::optional<std::string> by_name;
  bool named = false;
  for (const SysctlLine& line : lines) {
    if (line.key == path) {
      named = true;
      by_name = line.has_value ? std::optional(line.value) : std::nullopt;
    } else if (line.has_value && is_pattern(line.key) &&
               fnmatch(line.key.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) {
      by_pattern = line.value;
    }
  }
  return named ? by_name : by_pattern;
}

const std::vector<SysctlLine>& sysctl_lines(const System& system) {
  return system.remember<std::vector<SysctlLine>>("sysctl.d", [&] {
    std::vector<SysctlLine> lines;
    for (const std::string& path : merged_folders(
             system, {"/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d"},
             ".conf"))
      append(system, path, lines);
    if (shell_value(system, "/etc/ufw/ufw.conf", "ENABLED") == "yes")
      append(system, shell_value(system, "/etc/default/ufw", "IPT_SYSCTL"), lines);
    return lines;
  });
}

}  // namespace cloister::audit::probes
