// Which checks speak for which clause of a law or standard: hardening/checks/frameworks/*.yaml. Our reading,
// not the framework's text.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "audit/checks/reader.h"
#include "audit/model/check.h"

namespace cloister::audit::checks {

struct Clause {
  std::string id;     // as the framework numbers it
  std::string title;  // in our words
  std::vector<std::string> checks;
};

struct Framework {
  std::string id;     // "gdpr"
  std::string title;  // with its article and version
  std::string note;   // what no machine can check
  std::vector<Clause> clauses;
};

// `covers` names checks, recommendations or sections, as --only does; what nothing has is a problem.
Result<Framework, Problems> load_framework(const std::string& file, std::span<const model::Check> all);
Framework parse_framework(const std::string& file, const std::string& text, std::span<const model::Check> all,
                          Problems& problems);

}  // namespace cloister::audit::checks
