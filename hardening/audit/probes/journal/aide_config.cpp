#include "audit/probes/journal/aide_config.h"

#include <algorithm>
#include <array>
#include <utility>

#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

constexpr int kDeepestInclude = 16;

// What AIDE defines itself (aide.conf(5), "DEFAULT GROUPS"); H stands for every hash it was built with.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kBuiltIn{
    {
     {"R", "p+ftype+i+l+n+u+g+s+m+c+md5+X"},
     {"L", "p+ftype+i+l+n+u+g+X"},
     {"X", "acl+xattrs+selinux+e2fsattrs+caps"},
     {">", "p+ftype+l+u+g+i+n+s+growing+X"},
     {"H", "md5+sha1+sha256+sha512+rmd160+tiger+crc32"},
     {"E", ""},
     }
};

std::string with_macros(std::string_view text, const std::map<std::string, std::string>& macros) {
  std::string result(text);
  for (std::size_t at = result.find("@@{"); at != std::string::npos; at = result.find("@@{", at)) {
    const auto end = result.find('}', at);
    if (end == std::string::npos) break;
    const auto macro = macros.find(result.substr(at + 3, end - at - 3));
    const std::string value = macro != macros.end() ? macro->second : "";
    result.replace(at, end + 1 - at, value);
    at += value.size();
  }
  return result;
}

// "p+i-m+Group": attributes and groups, added and taken away from left to right.
std::set<std::string> attributes_of(std::string_view expression, const AideConfig& config) {
  std::set<std::string> all;
  char sign = '+';
  while (!expression.empty()) {
    const auto end = std::min(expression.find_first_of("+-"), expression.size());
    const std::string word(trimmed(expression.substr(0, end)));
    std::set<std::string> named;
    if (const auto group = config.groups.find(word); group != config.groups.end())
      named = group->second;
    else if (!word.empty())
      named.insert(word);
    for (const std::string& one : named) sign == '+' ? void(all.insert(one)) : void(all.erase(one));
    if (end == expression.size()) break;
    sign = expression[end];
    expression.remove_prefix(end + 1);
  }
  return all;
}

bool begins_selection(std::string_view line) {
  return line.starts_with('/') ||
         ((line.starts_with('=') || line.starts_with('!') || line.starts_with('-')) &&
          trimmed(line.substr(1)).starts_with('/'));
}

void add_selection(std::string_view line, AideConfig& into) {
  AideSelection selection;
  if (line.starts_with('=')) selection.kind = AideSelection::Kind::only_this;
  if (line.starts_with('!') || line.starts_with('-')) selection.kind = AideSelection::Kind::ignored;
  if (selection.kind != AideSelection::Kind::watched) line = trimmed(line.substr(1));
  const auto words = words_of(line);
  selection.path = words.front();
  // "/path f Group": a restriction to types of files stands between.
  if (words.size() >= 2) selection.attributes = attributes_of(words.back(), into);
  into.selections.push_back(std::move(selection));
}

void read_all(const System& system, const std::string& path, int depth, AideConfig& into) {
  const auto content = system.read_file(path);
  if (!content || depth > kDeepestInclude) return;
  for (const AideInclude& include : parse_aide(*content, into)) {
    if (include.names.empty()) {
      read_all(system, include.path, depth + 1, into);
      continue;
    }
    const auto names = system.list(include.path);
    const auto pattern = model::Pattern::make(include.names);
    if (!names || !pattern) continue;
    for (const std::string& name : *names) {
      const std::string inner = include.path + "/" + name;
      const auto status = system.stat(inner, Follow::yes);
      const bool is_program = status && (status->mode & 0111U) != 0;
      if (!is_program && pattern->search(name) == model::Match::yes) read_all(system, inner, depth + 1, into);
    }
  }
}

bool fits(const AideSelection& selection, const std::string& path) {
  const bool whole = selection.kind == AideSelection::Kind::only_this;
  const auto pattern = model::Pattern::make("^" + selection.path + (whole ? "$" : ""));
  return pattern && pattern->search(path) == model::Match::yes;
}

}  // namespace

std::vector<AideInclude> parse_aide(std::string_view text, AideConfig& into) {
  std::vector<AideInclude> includes;
  for (const auto& [number, raw] : lines_of(text)) {
    const std::string line = with_macros(raw, into.macros);
    const auto words = words_of(line);
    if (words.empty()) continue;
    if (words[0] == "@@define" && words.size() >= 3) {
      into.macros[std::string(words[1])] = words[2];
    } else if ((words[0] == "@@include" || words[0] == "@@x_include") && words.size() >= 2) {
      includes.push_back({std::string(words[1]), words.size() >= 3 ? std::string(words[2]) : ""});
    } else if (begins_selection(line)) {
      add_selection(line, into);
    } else if (const auto parts = split_at(line, '='); parts && !line.starts_with("@@")) {
      into.groups[std::string(parts->first)] = attributes_of(parts->second, into);
    }
  }
  return includes;
}

const AideConfig& aide_config_of(const System& system) {
  return system.remember<AideConfig>("aide", [&] {
    AideConfig config;
    for (const auto& [name, expression] : kBuiltIn)
      config.groups[std::string(name)] = attributes_of(expression, AideConfig{config});
    for (auto& [name, attributes] : config.groups)
      if (attributes.erase("X") > 0) attributes.insert(config.groups["X"].begin(), config.groups["X"].end());
    read_all(system, "/etc/aide/aide.conf", 0, config);
    return config;
  });
}

std::set<std::string> watched_attributes(const AideConfig& config, const std::string& path) {
  const AideSelection* decides = nullptr;
  for (const AideSelection& selection : config.selections)
    if (fits(selection, path) && (decides == nullptr || selection.path.size() >= decides->path.size()))
      decides = &selection;
  if (decides == nullptr || decides->kind == AideSelection::Kind::ignored) return {};
  return decides->attributes;
}

}  // namespace cloister::audit::probes
