// The checks of all files: hardening/checks in the source, /usr/share/cloister/checks on a server.
#pragma once

#include <vector>

#include "audit/checks/reader.h"
#include "audit/model/check.h"

namespace cloister::audit::checks {

// Every *.yaml of the folder itself, in the order of the files' names and of their lines. Problems when
// anything is wrong with any of them.
Result<std::vector<model::Check>, Problems> load_checks(const std::string& folder);

// One file's checks; problems are added.
std::vector<model::Check> parse_checks(const std::string& file, const std::string& text, Problems& problems);

}  // namespace cloister::audit::checks
