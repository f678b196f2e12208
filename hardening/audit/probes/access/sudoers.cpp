#include "audit/probes/access/sudoers.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

constexpr int kDeepestInclude = 128;  // as sudo
constexpr std::size_t kMostFiles = 1000;

struct LogicalLine {
  std::string text;
  std::size_t number = 0;  // of its first line
};

// Lines ending in a backslash go on; a # begins a comment unless digits follow (a user's number) or it is one
// of the old spellings of @include.
std::vector<LogicalLine> logical_lines(std::string_view text) {
  std::vector<LogicalLine> all;
  bool goes_on = false;
  std::size_t line_number = 0;
  for (std::string_view line : fields_of(text, '\n')) {
    ++line_number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool continued = goes_on;
    goes_on = line.ends_with('\\');
    if (goes_on) line.remove_suffix(1);
    if (continued)
      all.back().text += line;
    else
      all.push_back({std::string(line), line_number});
  }
  for (LogicalLine& line : all) {
    std::string& whole = line.text;
    if (trimmed(whole).starts_with("#include")) continue;
    for (std::size_t at = whole.find('#'); at != std::string::npos; at = whole.find('#', at + 1)) {
      const bool is_number = at + 1 < whole.size() && whole[at + 1] >= '0' && whole[at + 1] <= '9';
      const bool is_escaped = at > 0 && whole[at - 1] == '\\';
      if (is_number || is_escaped) continue;
      whole.resize(at);
      break;
    }
  }
  return all;
}

std::optional<SudoInclude> include_of(std::string_view line) {
  if (!line.starts_with('#') && !line.starts_with('@')) return std::nullopt;
  const auto words = words_of(line.substr(1));
  if (words.size() < 2 || (words[0] != "include" && words[0] != "includedir")) return std::nullopt;
  return SudoInclude{std::string(unquoted(words[1])), words[0] == "includedir"};
}

// "a, !b, c=\"x, y\"" → its parts; commas inside quotes divide nothing.
std::vector<std::string> settings_of(std::string_view text) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

void add_defaults(std::string_view line, std::size_t line_number, std::vector<SudoDefault>& into) {
  line.remove_prefix(std::string_view("Defaults").size());
  const auto scope_end = std::min(line.find_first_of(" \t"), line.size());
  const std::string scope(line.substr(0, scope_end));
  for (const std::string& part : settings_of(line.substr(scope_end))) {
    std::string_view setting = trimmed(part);
    if (setting.empty()) continue;
    std::string_view value = "yes";
    if (const auto parts = split_at(setting, '=')) {
      setting = parts->first;
      if (setting.ends_with('+') || setting.ends_with('-')) setting.remove_suffix(1);
      value = unquoted(parts->second);
    }
    for (; setting.starts_with('!'); setting = trimmed(setting.substr(1)))
      value = value == "no" ? "yes" : "no";
    into.push_back({scope, std::string(trimmed(setting)), std::string(value), line_number});
  }
}

class Collector {
public:
  explicit Collector(const System& system) : system_(system) {}

  void add_file(const std::string& path, int depth) {
    if (depth > kDeepestInclude || tree_.files.size() >= kMostFiles) return;
    const auto content = system_.read_file(path);
    if (!content) {
      tree_.errors.push_back(content.error());
      return;
    }
    tree_.files.push_back(path);
    const Sudoers file = parse_sudoers(*content);
    std::size_t defaults = 0;
    std::size_t rules = 0;
    for (const Sudoers::Placed& placed : file.includes) {
      add(file, path, defaults, placed.defaults_before, rules, placed.rules_before);
      include(placed.include, path, depth);
    }
    add(file, path, defaults, file.defaults.size(), rules, file.rules.size());
  }

  SudoersTree take() { return std::move(tree_); }

private:
  void add(const Sudoers& file, const std::string& path, std::size_t& defaults, std::size_t defaults_end,
           std::size_t& rules, std::size_t rules_end) {
    for (; defaults < defaults_end; ++defaults) {
      const SudoDefault& one = file.defaults[defaults];
      tree_.defaults.push_back({one, fmt::format("{}:{}", path, one.line)});
    }
    for (; rules < rules_end; ++rules)
      tree_.rules.push_back({file.rules[rules], fmt::format("{}:{}", path, file.rules[rules].line)});
  }

  // In a folder, names that end in ~ or have a dot are left out.
  void include(const SudoInclude& what, const std::string& from, int depth) {
    const std::string path =
        what.path.starts_with('/') ? what.path : from.substr(0, from.rfind('/') + 1) + what.path;
    if (!what.folder) return add_file(path, depth + 1);
    const auto names = system_.list(path);
    if (!names) {
      if (!names.error().absent()) tree_.errors.push_back(names.error());
      return;
    }
    for (const std::string& name : *names)
      if (!name.ends_with('~') && name.find('.') == std::string::npos) add_file(path + "/" + name, depth + 1);
  }

  const System& system_;
  SudoersTree tree_;
};

}  // namespace

Sudoers parse_sudoers(std::string_view text) {
  Sudoers parsed;
  for (const LogicalLine& logical : logical_lines(text)) {
    const std::string_view line = trimmed(logical.text);
    if (line.empty()) continue;
    if (auto include = include_of(line))
      parsed.includes.push_back({std::move(*include), parsed.defaults.size(), parsed.rules.size()});
    else if (line.starts_with("Defaults"))
      add_defaults(line, logical.number, parsed.defaults);
    else if (!line.starts_with("User_Alias") && !line.starts_with("Host_Alias") &&
             !line.starts_with("Runas_Alias") && !line.starts_with("Cmnd_Alias") &&
             !line.starts_with("Cmd_Alias"))
      parsed.rules.push_back({std::string(line), logical.number});
  }
  return parsed;
}

const SudoersTree& sudoers_of(const System& system) {
  return system.remember<SudoersTree>("sudoers", [&] {
    Collector collector(system);
    collector.add_file("/etc/sudoers", 0);
    return collector.take();
  });
}

std::string sudo_default(const SudoersTree& tree, std::string_view name) {
  std::string value;
  for (const SudoersTree::Default& one : tree.defaults)
    if (one.scope.empty() && one.name == name) value = one.value;
  return value;
}

}  // namespace cloister::audit::probes
