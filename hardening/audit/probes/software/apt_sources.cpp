#include "audit/probes/software/apt_sources.h"

#include <fmt/core.h>

#include <algorithm>

#include "audit/probes/text/lines.h"
#include "audit/probes/text/paragraphs.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

bool is_yes(std::string_view value) { return value == "yes" || value == "true" || value == "1"; }

void set_option(AptSource& source, std::string_view name, std::string_view value) {
  const std::string key = lower(name);
  if (key == "signed-by") source.signed_by = value;
  const bool lax = key == "trusted" || key == "allow-insecure" || key == "allow-weak";
  if (lax && is_yes(value)) source.laxity += fmt::format(" [{}=yes]", key);
}

// "[arch=amd64 signed-by=/usr/share/keyrings/x.gpg]", taken off the line.
std::string_view take_options(std::string_view& line) {
  if (!line.starts_with('[')) return {};
  const std::size_t end = line.find(']');
  const std::string_view options = line.substr(1, end == std::string_view::npos ? end : end - 1);
  line = end == std::string_view::npos ? std::string_view{} : trimmed(line.substr(end + 1));
  return options;
}

}  // namespace

std::vector<AptSource> parse_source_list(const std::string& path, std::string_view text) {
  std::vector<AptSource> sources;
  for (const Line& line : lines_of(text)) {
    const auto parts = split_at(line.text.substr(0, line.text.find('#')), ' ');
    if (!parts || parts->first != "deb") continue;
    AptSource source;
    source.where = fmt::format("{}:{}", path, line.number);
    std::string_view rest = parts->second;
    for (const std::string_view option : words_of(take_options(rest)))
      if (const auto pair = split_at(option, '='); pair) set_option(source, pair->first, pair->second);
    const auto words = words_of(rest);
    if (words.size() < 2) continue;
    source.uri = words[0];
    source.suite = words[1];
    source.components.assign(words.begin() + 2, words.end());
    sources.push_back(std::move(source));
  }
  return sources;
}

std::vector<AptSource> parse_sources(const std::string& path, std::string_view text) {
  std::vector<AptSource> sources;
  std::size_t number = 0;
  for_each_paragraph(text, [&](const Paragraph& paragraph) {
    ++number;
    const auto types = words_of(paragraph.field("Types"));
    const std::string_view enabled = paragraph.field("Enabled");
    if (std::find(types.begin(), types.end(), "deb") == types.end() || (!enabled.empty() && !is_yes(enabled)))
      return;
    AptSource source;
    source.where = fmt::format("{}:{}", path, number);
    for (const char* const name : {"Signed-By", "Trusted", "Allow-Insecure", "Allow-Weak"})
      set_option(source, name, paragraph.field(name));
    if (source.signed_by.empty() && paragraph.text.find("Signed-By:") != std::string_view::npos)
      source.signed_by = "a key inside of the file";
    for (const std::string_view word : words_of(paragraph.field("Components")))
      source.components.emplace_back(word);
    for (const std::string_view uri : words_of(paragraph.field("URIs")))
      for (const std::string_view suite : words_of(paragraph.field("Suites"))) {
        source.uri = uri;
        source.suite = suite;
        sources.push_back(source);
      }
  });
  return sources;
}

std::vector<AptSource> apt_sources(const System& system) {
  std::vector<AptSource> all;
  const auto add = [&](const std::string& path, auto parse) {
    if (const auto text = system.read_file(path); text)
      for (AptSource& source : parse(path, *text)) all.push_back(std::move(source));
  };
  add("/etc/apt/sources.list", parse_source_list);
  for (const std::string& path : system.glob("/etc/apt/sources.list.d/*.list")) add(path, parse_source_list);
  for (const std::string& path : system.glob("/etc/apt/sources.list.d/*.sources")) add(path, parse_sources);
  return all;
}

std::string text_of(const AptSource& source) {
  std::string text = source.uri + " " + source.suite;
  for (const std::string& component : source.components) text += " " + component;
  return text + source.laxity;
}

}  // namespace cloister::audit::probes
