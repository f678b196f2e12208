// Exceptions: what fails and is answered for.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "audit/engine/judge.h"
#include "audit/engine/report.h"
#include "audit/model/exception.h"

namespace cloister::audit::engine {

// Turns a failure into an exception where one covers it. One that is not needed, does not apply or is overdue
// covers nothing, and is remarked upon.
void cover(CheckReport& check, std::span<const model::Exception> exceptions, const std::string& today,
           const Look& look, std::vector<Remark>& remarks);

}  // namespace cloister::audit::engine
