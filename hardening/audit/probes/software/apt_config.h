// apt.conf(5): scopes in braces, values in quotes, a semicolon behind each.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

// Names in lower case, joined by "::"; a later value wins. Lists (a value without a name) are left out.
using AptConfig = std::map<std::string, std::string>;

void parse_apt_config(std::string_view text, AptConfig& config);
AptConfig apt_config(const System& system);

}  // namespace cloister::audit::probes
