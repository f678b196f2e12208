// What AIDE watches of a file (aide.conf(5), 0.18): groups of attributes, lines that select.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/model/pattern.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

struct AideSelection {
  enum class Kind : std::uint8_t { watched, only_this, ignored };
  Kind kind = Kind::watched;
  std::string path;  // a regular expression that a path must begin with
  std::set<std::string> attributes;
};

struct AideConfig {
  std::map<std::string, std::string> macros;
  std::map<std::string, std::set<std::string>> groups;
  std::vector<AideSelection> selections;
};

// Adds what one file says; includes are returned: a path, or a folder with an expression for names.
struct AideInclude {
  std::string path;
  std::string names;  // "" when the path is a file
};
std::vector<AideInclude> parse_aide(std::string_view text, AideConfig& into);

// /etc/aide/aide.conf with all that it includes, but for what it would run. Remembered.
const AideConfig& aide_config_of(const System& system);

// What is watched of a file: of all selections that fit, the longest decides. Empty when it is ignored or not
// selected.
std::set<std::string> watched_attributes(const AideConfig& config, const std::string& path);

}  // namespace cloister::audit::probes
