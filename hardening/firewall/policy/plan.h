// The difference between what the kernel holds and what it is to hold, in words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "firewall/policy/words.h"

namespace cloister::firewall::policy {

struct Difference {
  enum class Kind : std::uint8_t { added, removed, changed };
  Kind kind = Kind::changed;
  std::string where;  // a chain's name, "sets", or "table"
  std::string what;
  friend bool operator==(const Difference&, const Difference&) = default;
};

// Empty exactly when steps(running, wanted) is.
std::vector<Difference> plan(const std::optional<Ruleset>& running, const Ruleset& wanted,
                             const NameUser& name = name_user);

}  // namespace cloister::firewall::policy
