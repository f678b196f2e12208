// `expect: {…}` → Expectation.
#pragma once

#include "audit/checks/reader.h"
#include "audit/model/check.h"

namespace cloister::audit::checks {

// Several keys in one mapping must all hold. Without a usable one there is a problem, and what is returned
// never holds.
model::Expectation read_expectation(Source& source, const YAML::Node& node);

}  // namespace cloister::audit::checks
