// Reads YAML strictly: what a file says beyond what is known, twice, or of the wrong kind is a problem,
// "FILE:LINE: what". Reading goes on, so that one run tells all of them.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace cloister::audit::checks {

struct Problems {
  std::vector<std::string> lines;
};

// One file being read.
class Source {
public:
  Source(std::string file, Problems& problems) : file_(std::move(file)), problems_(problems) {}

  const std::string& file() const { return file_; }
  int line_of(const YAML::Node& at) const;
  void complain(const YAML::Node& at, const std::string& what);

  // A scalar's text as it is written; a problem and "" when it is none.
  std::string text(const YAML::Node& node, const std::string& what);
  // A scalar or a list of them.
  std::vector<std::string> texts(const YAML::Node& node, const std::string& what);
  std::optional<long long> number(const YAML::Node& node, const std::string& what, int base = 10);

private:
  std::string file_;
  Problems& problems_;
};

// One mapping: asked for every key that is known; finish() complains of all others.
class Mapping {
public:
  // Not a mapping: a problem, and an empty one from then on.
  Mapping(Source& source, const YAML::Node& node, const std::string& what);

  bool has(const std::string& key) const;
  std::optional<YAML::Node> find(const std::string& key);
  std::optional<YAML::Node> require(const std::string& key);
  std::string text(const std::string& key);          // required
  std::string text_or_none(const std::string& key);  // "" when it is not there
  void finish();

  const YAML::Node& node() const { return node_; }
  Source& source() { return source_; }

private:
  Source& source_;
  YAML::Node node_;
  std::string what_;
  std::vector<std::string> known_;
};

// Parses the text and hands its root to `read`. What cannot be parsed is a problem too.
void read_yaml(const std::string& file, const std::string& text, Problems& problems,
               const std::function<void(Source&, const YAML::Node&)>& read);
// The same with a file's content.
void read_yaml_file(const std::string& path, Problems& problems,
                    const std::function<void(Source&, const YAML::Node&)>& read);

// A date of the calendar, "2027-01-31". Such dates sort as text does.
bool is_date(const std::string& text);

}  // namespace cloister::audit::checks
