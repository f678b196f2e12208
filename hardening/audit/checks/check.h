// One entry of a file of checks → Check.
#pragma once

#include "audit/checks/reader.h"
#include "audit/model/check.h"

namespace cloister::audit::checks {

model::Check read_check(Source& source, const YAML::Node& node);

}  // namespace cloister::audit::checks
