// What is knowingly not followed: hardening/checks/exceptions.yaml for the product,
// /etc/cloister/audit-exceptions.yaml for a site.
#pragma once

#include <span>
#include <vector>

#include "audit/checks/reader.h"
#include "audit/model/exception.h"

namespace cloister::audit::checks {

std::vector<model::Exception> parse_exceptions(const std::string& file, const std::string& text,
                                               model::Exception::Origin origin, Problems& problems);

// Both files, a site's exception in the place of the product's for the same check. An empty path is no file,
// and the site's need not exist. A problem, too: an exception for a check that there is not.
Result<std::vector<model::Exception>, Problems> load_exceptions(const std::string& product,
                                                                const std::string& site,
                                                                std::span<const model::Check> checks);

}  // namespace cloister::audit::checks
