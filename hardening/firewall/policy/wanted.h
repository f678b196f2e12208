// Settings → the rules that the kernel is to hold. Pure.
#pragma once

#include "firewall/policy/ruleset.h"
#include "firewall/policy/settings.h"

namespace cloister::firewall::policy {

Ruleset wanted_rules(const Settings& settings);

}  // namespace cloister::firewall::policy
