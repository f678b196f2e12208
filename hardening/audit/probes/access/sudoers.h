// What sudo may be asked, read from sudoers(5) with all files that it includes. Enough of the grammar to find
// settings and the tags that do without a password; who may run what is not judged here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

// One setting of a Defaults line: "use_pty" is {…, "use_pty", "yes"}, "!use_pty" is "no", "x=y" has the value
// y.
struct SudoDefault {
  std::string scope;  // "" for everybody, else ":admin", "@host", "!command", ">runas" as written
  std::string name;
  std::string value;
  std::size_t line = 0;
};

struct SudoRule {
  std::string text;  // with continued lines joined
  std::size_t line = 0;
};

struct SudoInclude {
  std::string path;
  bool folder = false;
};

struct Sudoers {
  // In the order of the file; `after` counts the entries of the other lists that come before an include.
  std::vector<SudoDefault> defaults;
  std::vector<SudoRule> rules;  // what is neither a setting, nor an include, nor an alias
  struct Placed {
    SudoInclude include;
    std::size_t defaults_before = 0;
    std::size_t rules_before = 0;
  };
  std::vector<Placed> includes;
};
Sudoers parse_sudoers(std::string_view text);

// All files in the order in which sudo reads them.
struct SudoersTree {
  struct Default : SudoDefault {
    std::string where;  // "/etc/sudoers:12"
  };
  struct Rule : SudoRule {
    std::string where;
  };
  std::vector<Default> defaults;
  std::vector<Rule> rules;
  std::vector<std::string> files;
  std::vector<FileError> errors;
};
const SudoersTree& sudoers_of(const System& system);

// The value that applies to everybody: the last one; "" when none is set.
std::string sudo_default(const SudoersTree& tree, std::string_view name);

}  // namespace cloister::audit::probes
