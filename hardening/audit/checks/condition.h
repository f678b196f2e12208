// `probe` + `expect`, `all`, `any`, and the observations of examples.
#pragma once

#include "audit/checks/reader.h"
#include "audit/model/check.h"

namespace cloister::audit::checks {

model::ProbeCall read_probe_call(Source& source, const YAML::Node& node);

// Takes `probe` and `expect`, `all` or `any` out of the mapping; nothing when it has none of them.
std::optional<model::Condition> read_condition(Mapping& mapping);

// A list of examples, each with as many observations as the condition has looks.
std::vector<model::Example> read_examples(Source& source, const YAML::Node& list, std::size_t looks);

}  // namespace cloister::audit::checks
