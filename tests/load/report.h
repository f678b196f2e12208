// The outcome, for people and as JSON. Participants are numbers.
#pragma once

#include <string>

#include "load/run.h"

namespace cloister::load {

std::string as_table(const Outcome& outcome);
std::string as_json(const Outcome& outcome);

}  // namespace cloister::load
