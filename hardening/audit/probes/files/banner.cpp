#include <algorithm>

#include "audit/probes/files/paths.h"
#include "audit/probes/files/probes.h"
#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

// agetty(8): system name, machine, release, version of the kernel.
constexpr const char* kEscapes[] = {"\\s", "\\m", "\\r", "\\v"};

// Names that tell which system this is: of its os-release(5), and of the kernel.
std::vector<std::string> telling_words(const System& system) {
  std::vector<std::string> words;
  if (const auto release = system.read_file("/etc/os-release"); release)
    for (const Line& line : lines_of(*release)) {
      const auto parts = split_at(line.text, '=');
      if (!parts) continue;
      const auto value = words_of(unquoted(parts->second));
      const bool tells = parts->first == "ID" || parts->first == "NAME" || parts->first == "VERSION_CODENAME";
      if (tells && !value.empty()) words.push_back(lower(value.front()));
    }
  if (const auto kernel = system.read_file("/proc/sys/kernel/osrelease"); kernel)
    words.emplace_back(first_line(*kernel));
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

void add_telling(const System& system, const std::string& path, std::string_view text, Observation& seen) {
  for (const char* const escape : kEscapes)
    if (text.find(escape) != std::string_view::npos) seen.facts.push_back({path, escape});
  const std::string low = lower(text);
  for (const std::string& word : telling_words(system))
    if (!word.empty() && low.find(word) != std::string::npos) seen.facts.push_back({path, word});
}

// All of it on one line.
std::string one_line(std::string_view text) {
  std::string line;
  for (const std::string_view word : words_of(text, " \t\r\n")) {
    if (!line.empty()) line += ' ';
    line += word;
  }
  return line;
}

}  // namespace

model::Observation observe_banner(const System& system, const model::ProbeArguments& arguments) {
  const auto files = existing_files(system, arguments);
  Observation seen;
  if (files.empty()) seen.state = State::absent;
  for (const std::string& path : files) {
    const auto text = system.read_file(path);
    if (!text) return observation_of(text.error());
    if (arguments.one("field") == "text")
      seen.facts.push_back({path, one_line(*text)});
    else
      add_telling(system, path, *text, seen);
  }
  return seen;
}

}  // namespace cloister::audit::probes
