#include "firewall/policy/steps.h"

#include <algorithm>

namespace cloister::firewall::policy {
namespace {

bool same_place(const Chain& a, const Chain& b) { return a.hook == b.hook && a.priority == b.priority; }

// A base chain cannot be moved, and what is foreign may hold on to anything: then the table goes as a whole.
bool must_start_over(const Ruleset& running, const Ruleset& wanted) {
  return running.foreign || std::ranges::any_of(wanted.chains, [&](const Chain& chain) {
           const Chain* there = find_named(running.chains, chain.name);
           return there && !same_place(*there, chain);
         });
}

void add_rules(std::vector<Step>& out, const Ruleset& wanted) {
  for (const Chain& chain : wanted.chains)
    for (const Rule& rule : chain.rules) out.emplace_back(AddRule{chain.name, rule});
}

Chain without_rules(Chain chain) {
  chain.rules.clear();
  return chain;
}

void add_all(std::vector<Step>& out, const Ruleset& wanted) {
  out.emplace_back(AddTable{});
  for (const Set& set : wanted.sets) out.emplace_back(AddSet{set});
  for (const Chain& chain : wanted.chains) out.emplace_back(AddChain{without_rules(chain)});
  add_rules(out, wanted);
}

// Sets and chains in any order, rules in theirs.
bool equivalent(const Ruleset& running, const Ruleset& wanted) {
  const auto all_there = [](const auto& those, const auto& these) {
    return those.size() == these.size() && std::ranges::all_of(those, [&](const auto& one) {
             const auto* there = find_named(these, one.name);
             return there && *there == one;
           });
  };
  return !running.foreign && all_there(wanted.sets, running.sets) && all_there(wanted.chains, running.chains);
}

void change_in_place(std::vector<Step>& out, const Ruleset& running, const Ruleset& wanted) {
  for (const Chain& chain : running.chains) out.emplace_back(EmptyChain{chain.name});
  for (const Chain& chain : running.chains)
    if (!find_named(wanted.chains, chain.name)) out.emplace_back(RemoveChain{chain.name});
  for (const Set& set : running.sets) {
    const Set* same = find_named(wanted.sets, set.name);
    if (!same || !(*same == set)) out.emplace_back(RemoveSet{set.name});
  }
  for (const Set& set : wanted.sets) {
    const Set* there = find_named(running.sets, set.name);
    if (!there || !(*there == set)) out.emplace_back(AddSet{set});
  }
  for (const Chain& chain : wanted.chains) {
    const Chain* there = find_named(running.chains, chain.name);
    if (!there || there->policy != chain.policy) out.emplace_back(AddChain{without_rules(chain)});
  }
  add_rules(out, wanted);
}

}  // namespace

std::vector<Step> steps(const std::optional<Ruleset>& running, const Ruleset& wanted) {
  std::vector<Step> out;
  if (running && equivalent(*running, wanted)) return out;
  if (running && !must_start_over(*running, wanted)) {
    change_in_place(out, *running, wanted);
    return out;
  }
  if (running) out.emplace_back(RemoveTable{});
  add_all(out, wanted);
  return out;
}

}  // namespace cloister::firewall::policy
