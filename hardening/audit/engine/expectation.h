// Does an observation meet an expectation? Pure.
#pragma once

#include <string>

#include "audit/model/check.h"

namespace cloister::audit::engine {

// Of a system that does not run only what could be seen is judged: a fact that `facts` names and that is not
// there then does not count.
bool holds(const model::Expectation& expectation, const model::Observation& seen);

// "is "0"", "has no word noexec" … for people.
std::string in_words(const model::Expectation& expectation);

}  // namespace cloister::audit::engine
