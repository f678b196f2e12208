#include "audit/probes/access/pam_stack.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

constexpr int kDeepestInclude = 32;  // as PAM

// Words; [ … ] is one of them.
std::vector<std::string> words_with_brackets(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;
  for (const char c : line) {
    if (c == '[' && word.empty()) inside = true;
    if (!inside && (c == ' ' || c == '\t')) {
      if (!word.empty()) words.push_back(std::exchange(word, {}));
      continue;
    }
    word += c;
    if (c == ']') inside = false;
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

std::string module_name(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);  // npos + 1 is 0
  if (path.ends_with(".so")) path.remove_suffix(3);
  return std::string(path);
}

std::string type_name(std::string_view word) {
  if (word.starts_with('-')) word.remove_prefix(1);
  return lower(word);
}

// A backslash at the end joins a line with the next one.
std::vector<std::pair<std::size_t, std::string>> joined_lines(std::string_view text) {
  std::vector<std::pair<std::size_t, std::string>> joined;
  bool goes_on = false;
  for (const auto& [line_number, found] : lines_of(text)) {
    std::string_view line = trimmed(found.substr(0, found.find('#')));
    const bool continued = std::exchange(goes_on, line.ends_with('\\'));
    if (goes_on) line.remove_suffix(1);
    if (continued)
      joined.back().second += fmt::format(" {}", line);
    else
      joined.emplace_back(line_number, line);
  }
  return joined;
}

Result<void, FileError> collect(const System& system, const std::string& service,
                                const std::string& only_type, int depth, std::vector<PamStackLine>& stack) {
  const auto content = system.read_file("/etc/pam.d/" + service);
  if (!content) return fail(content.error());
  for (PamEntry& entry : parse_pam(*content)) {
    if (entry.line && (only_type.empty() || entry.line->type == only_type)) {
      const std::string where = fmt::format("{}:{}", service, entry.line->number);
      stack.push_back({std::move(*entry.line), where});
    } else if (entry.include && depth < kDeepestInclude) {
      const std::string& type = entry.include->type.empty() ? only_type : entry.include->type;
      if (!only_type.empty() && type != only_type) continue;
      const auto included = collect(system, entry.include->service, type, depth + 1, stack);
      if (!included && !included.error().absent()) return included;
    }
  }
  return {};
}

}  // namespace

std::optional<std::string> PamLine::argument(std::string_view name) const {
  std::optional<std::string> value;
  for (const std::string& given : arguments) {
    if (given == name) value = "yes";
    if (given.size() > name.size() && given.starts_with(name) && given[name.size()] == '=')
      value = given.substr(name.size() + 1);
  }
  return value;
}

std::string PamLine::text() const {
  std::string all = fmt::format("{} {} {}", type, control, module);
  for (const std::string& given : arguments) all += " " + given;
  return all;
}

std::vector<PamEntry> parse_pam(std::string_view text) {
  std::vector<PamEntry> entries;
  for (const auto& [line_number, line] : joined_lines(text)) {
    auto words = words_with_brackets(line);
    if (words.size() == 2 && words[0] == "@include") {
      entries.push_back({
          .line = {  },
            .include = PamInclude{ words[1], ""}
      });
    } else if (words.size() >= 3) {
      const std::string control = lower(words[1]);
      if (control == "include" || control == "substack") {
        entries.push_back({
            .line = {                   },
              .include = PamInclude{ words[2], type_name(words[0])}
        });
        continue;
      }
      PamLine parsed{type_name(words[0]), control, module_name(words[2]), {}, line_number};
      parsed.arguments.assign(words.begin() + 3, words.end());
      entries.push_back({.line = std::move(parsed), .include = {}});
    }
  }
  return entries;
}

Result<std::vector<PamStackLine>, FileError> pam_stack(const System& system, const std::string& service) {
  std::vector<PamStackLine> stack;
  if (auto collected = collect(system, service, "", 0, stack); !collected) return fail(collected.error());
  return stack;
}

}  // namespace cloister::audit::probes
