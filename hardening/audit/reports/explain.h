// A check in words, for who wants to know what a line of a report means.
#pragma once

#include <ostream>
#include <span>

#include "audit/model/check.h"
#include "audit/model/exception.h"

namespace cloister::audit::reports {

void explain(std::ostream& out, const model::Check& check, std::span<const model::Exception> exceptions);

// One line for each: id, benchmark, level, title.
void list(std::ostream& out, std::span<const model::Check* const> checks);

}  // namespace cloister::audit::reports
