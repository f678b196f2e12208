#include "audit/checks/reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <iterator>

namespace cloister::audit::checks {

int Source::line_of(const YAML::Node& at) const {
  return at.IsDefined() ? std::max(at.Mark().line + 1, 1) : 1;
}

void Source::complain(const YAML::Node& at, const std::string& what) {
  problems_.lines.push_back(fmt::format("{}:{}: {}", file_, line_of(at), what));
}

std::string Source::text(const YAML::Node& node, const std::string& what) {
  if (node.IsScalar()) return node.Scalar();
  complain(node, what + " must be a plain value");
  return {};
}

std::vector<std::string> Source::texts(const YAML::Node& node, const std::string& what) {
  if (!node.IsSequence()) return {text(node, what)};
  std::vector<std::string> all;
  for (const YAML::Node& entry : node) all.push_back(text(entry, what));
  return all;
}

std::optional<long long> Source::number(const YAML::Node& node, const std::string& what, int base) {
  const std::string written = text(node, what);
  long long value = 0;
  const char* const end = written.data() + written.size();
  const auto [stopped, error] = std::from_chars(written.data(), end, value, base);
  if (!written.empty() && error == std::errc{} && stopped == end) return value;
  complain(node, fmt::format("{} must be {} number", what, base == 8 ? "an octal" : "a whole"));
  return std::nullopt;
}

Mapping::Mapping(Source& source, const YAML::Node& node, const std::string& what)
    : source_(source), node_(node), what_(what) {
  if (node_.IsMap()) return;
  source_.complain(node_, what_ + " must be a mapping");
  node_ = YAML::Node(YAML::NodeType::Map);
}

bool Mapping::has(const std::string& key) const {
  const YAML::Node& map = node_;
  return map[key].IsDefined();
}

std::optional<YAML::Node> Mapping::find(const std::string& key) {
  known_.push_back(key);
  if (!has(key)) return std::nullopt;
  const YAML::Node& map = node_;
  return map[key];
}

std::optional<YAML::Node> Mapping::require(const std::string& key) {
  auto found = find(key);
  if (!found) source_.complain(node_, fmt::format("{} has no {}", what_, key));
  return found;
}

std::string Mapping::text(const std::string& key) {
  const auto found = require(key);
  if (!found) return {};
  std::string value = source_.text(*found, key);
  if (found->IsScalar() && value.empty()) source_.complain(*found, key + " is empty");
  return value;
}

std::string Mapping::text_or_none(const std::string& key) {
  const auto found = find(key);
  return found ? source_.text(*found, key) : std::string{};
}

void Mapping::finish() {
  std::vector<std::string> seen;
  for (const auto& entry : node_) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : std::string("?");
    if (std::ranges::find(known_, key) == known_.end())
      source_.complain(entry.first, fmt::format("{} knows no key {}", what_, key));
    else if (std::ranges::find(seen, key) != seen.end())
      source_.complain(entry.first, fmt::format("{} has {} twice", what_, key));
    seen.push_back(key);
  }
}

void read_yaml(const std::string& file, const std::string& text, Problems& problems,
               const std::function<void(Source&, const YAML::Node&)>& read) {
  try {
    const YAML::Node root = YAML::Load(text);
    Source source(file, problems);
    read(source, root);
  } catch (const YAML::Exception& error) {
    problems.lines.push_back(fmt::format("{}:{}: {}", file, std::max(error.mark.line + 1, 1), error.msg));
  }
}

void read_yaml_file(const std::string& path, Problems& problems,
                    const std::function<void(Source&, const YAML::Node&)>& read) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) {
    problems.lines.push_back(path + ": cannot be read");
    return;
  }
  read_yaml(path, text, problems, read);
}

bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  unsigned parts[3] = {};
  const char* const from = text.data();
  const char* const starts[3] = {from, from + 5, from + 8};
  const char* const ends[3] = {from + 4, from + 7, from + 10};
  for (int i = 0; i < 3; ++i)
    if (std::from_chars(starts[i], ends[i], parts[i]).ptr != ends[i]) return false;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(parts[0])),
                                         std::chrono::month(parts[1]), std::chrono::day(parts[2])};
  return date.ok();
}

}  // namespace cloister::audit::checks
