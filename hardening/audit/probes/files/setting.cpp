#include <map>

#include "audit/probes/files/paths.h"
#include "audit/probes/files/probes.h"
#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

struct Wanted {
  char separator = '=';
  std::string section;  // "" for files without
  std::map<std::string, std::string> values;
};

// "[Journal]" → "Journal"
std::string_view section_name(std::string_view line) {
  line.remove_prefix(1);
  return trimmed(line.substr(0, line.find(']')));
}

// A later line wins; an empty value unsets, as in systemd's files.
void read_settings(std::string_view text, Wanted& wanted, const std::vector<std::string>& keys) {
  bool inside = wanted.section.empty();
  for (const auto& [number, line] : lines_of(text, "#;")) {
    if (line.front() == '[' && !wanted.section.empty()) {
      inside = section_name(line) == wanted.section;
      continue;
    }
    const auto parts = split_at(line, wanted.separator);
    if (!inside || !parts) continue;
    for (const std::string& key : keys)
      if (parts->first == key) wanted.values[key] = unquoted(parts->second);
  }
}

std::vector<std::string> files_of(const System& system, const model::ProbeArguments& arguments) {
  if (arguments.has("folder")) return with_drop_ins(system, arguments.one("path"), arguments.one("folder"));
  return existing_files(system, arguments);
}

}  // namespace

model::Observation observe_setting(const System& system, const model::ProbeArguments& arguments) {
  const auto files = files_of(system, arguments);
  if (files.empty()) return {State::absent, {}, "none of the files is there"};
  const std::vector<std::string>& keys = arguments.all(arguments.has("keys") ? "keys" : "key");
  Wanted wanted{.separator = '=', .section = arguments.one("section"), .values = {}};
  if (arguments.one("separator") == "blank") wanted.separator = ' ';
  if (arguments.one("separator").size() == 1) wanted.separator = arguments.one("separator").front();
  for (const std::string& path : files) {
    const auto content = system.read_file(path);
    if (!content) return observation_of(content.error());
    read_settings(*content, wanted, keys);
  }
  Observation seen;
  for (const std::string& key : keys) {
    const std::string& value = wanted.values[key];
    const std::string name = arguments.has("keys") ? key : "configured";
    if (!value.empty()) seen.facts.push_back({name, value});
    if (value.empty() && arguments.has("keys")) seen.facts.push_back({name, "unset"});
  }
  if (seen.facts.empty()) return {State::absent, {}, "no file sets it"};
  return seen;
}

}  // namespace cloister::audit::probes
