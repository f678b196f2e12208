// What the kernel holds, back as values. Whatever this program would not have written itself becomes Foreign
// (a match), Kind::foreign (a set) or Hook::none (a chain): equal to nothing that is wanted.
#pragma once

#include <utility>

#include "firewall/nft/answer.h"
#include "firewall/policy/ruleset.h"

namespace cloister::firewall::nft {

// A rule and the chain it stands in. Nothing for a rule of another table.
struct RunningRule {
  std::string chain;
  policy::Rule rule;
};
std::optional<RunningRule> decode_rule(Bytes attributes);
std::optional<policy::Set> decode_set(Bytes attributes);
// Without its rules.
std::optional<policy::Chain> decode_chain(Bytes attributes);
// How many elements one message of a set's dump brings.
std::size_t count_elements(Bytes attributes);

}  // namespace cloister::firewall::nft
