// From what the kernel holds to what it is to hold: the steps of one transaction, in its order. Chains stay
// where they are and get their rules anew, so no packet meets an empty chain; ban sets stay with all they
// hold unless their shape changes.
#pragma once

#include <optional>
#include <variant>

#include "firewall/policy/ruleset.h"

namespace cloister::firewall::policy {

struct AddTable {
  friend bool operator==(const AddTable&, const AddTable&) = default;
};
struct RemoveTable {
  friend bool operator==(const RemoveTable&, const RemoveTable&) = default;
};
struct AddSet {
  Set set;
  friend bool operator==(const AddSet&, const AddSet&) = default;
};
struct RemoveSet {
  std::string name;
  friend bool operator==(const RemoveSet&, const RemoveSet&) = default;
};
// Makes the chain, or gives the existing one its policy. Its rules are steps of their own.
struct AddChain {
  Chain chain;
  friend bool operator==(const AddChain&, const AddChain&) = default;
};
struct EmptyChain {
  std::string name;
  friend bool operator==(const EmptyChain&, const EmptyChain&) = default;
};
struct RemoveChain {
  std::string name;
  friend bool operator==(const RemoveChain&, const RemoveChain&) = default;
};
struct AddRule {
  std::string chain;
  Rule rule;
  friend bool operator==(const AddRule&, const AddRule&) = default;
};
using Step =
    std::variant<AddTable, RemoveTable, AddSet, RemoveSet, AddChain, EmptyChain, RemoveChain, AddRule>;

// `running` is absent when the kernel has no such table. Empty when nothing is to be done.
std::vector<Step> steps(const std::optional<Ruleset>& running, const Ruleset& wanted);

}  // namespace cloister::firewall::policy
