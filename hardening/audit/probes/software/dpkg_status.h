// What dpkg has installed: /var/lib/dpkg/status, paragraphs of "Field: value" (deb822).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

using Packages = std::map<std::string, std::string, std::less<>>;  // name → version

// Those whose files are there: installed, or on the way to it. Removed ones with configuration left are not.
Packages parse_dpkg_status(std::string_view text);

// Read once per run.
const Result<Packages, FileError>& installed_packages(const System& system);

}  // namespace cloister::audit::probes
