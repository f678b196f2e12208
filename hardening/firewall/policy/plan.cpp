#include "firewall/policy/plan.h"

#include <fmt/core.h>

#include <algorithm>

namespace cloister::firewall::policy {
namespace {

using Kind = Difference::Kind;

const char* word(Verdict verdict) { return verdict == Verdict::accept ? "accepted" : "dropped"; }

// Those of `these` that `those` does not have, each counted as often as it stands there.
std::vector<Rule> missing_in(std::vector<Rule> those, const std::vector<Rule>& these) {
  std::vector<Rule> out;
  for (const Rule& rule : these) {
    if (const auto found = std::ranges::find(those, rule); found != those.end()) {
      those.erase(found);
    } else {
      out.push_back(rule);
    }
  }
  return out;
}

class Planner {
public:
  Planner(std::vector<Difference>& out, const NameUser& name) : out_(out), name_(name) {}

  void chain(const Chain* running, const Chain& wanted) {
    static const Chain kNone;
    if (!running) {
      say(Kind::added, wanted.name,
          fmt::format("this direction will be filtered; by default traffic is {}", word(wanted.policy)));
    } else {
      if (running->hook != wanted.hook || running->priority != wanted.priority)
        say(Kind::changed, wanted.name, "will filter where it belongs; it hangs elsewhere now");
      if (running->policy != wanted.policy)
        say(Kind::changed, wanted.name,
            fmt::format("by default traffic will be {}; it is {} now", word(wanted.policy),
                        word(running->policy)));
    }
    rules(running ? *running : kNone, wanted);
  }
  void foreign_chain(const Chain& chain) {
    say(Kind::removed, printable(chain.name),
        fmt::format("a chain of {} rules that does not belong here", chain.rules.size()));
  }
  void sets(const std::vector<Set>& running, const std::vector<Set>& wanted) {
    for (const Set& set : wanted) {
      const Set* there = find_named(running, set.name);
      if (there && *there == set) continue;
      say(there ? Kind::changed : Kind::added, "sets", in_words(set));
    }
    for (const Set& set : running)
      if (!find_named(wanted, set.name)) say(Kind::removed, "sets", in_words(set));
  }
  void say(Kind kind, std::string where, std::string what) {
    out_.push_back({kind, std::move(where), std::move(what)});
  }

private:
  void rules(const Chain& running, const Chain& wanted) {
    const auto gone = missing_in(wanted.rules, running.rules);
    const auto come = missing_in(running.rules, wanted.rules);
    for (const Rule& rule : gone) say(Kind::removed, wanted.name, in_words(rule, name_));
    for (const Rule& rule : come) say(Kind::added, wanted.name, in_words(rule, name_));
    if (gone.empty() && come.empty() && !(running.rules == wanted.rules))
      say(Kind::changed, wanted.name, "the same rules, in another order");
  }

  std::vector<Difference>& out_;
  const NameUser& name_;
};

}  // namespace

std::vector<Difference> plan(const std::optional<Ruleset>& running, const Ruleset& wanted,
                             const NameUser& name) {
  std::vector<Difference> out;
  Planner planner(out, name);
  if (!running)
    planner.say(Kind::added, "table", "there are no rules of ours yet: all of the following is new");
  if (running && running->foreign)
    planner.say(Kind::changed, "table",
                "it is asleep or holds foreign objects: it will be made anew, and bans end");
  static const Ruleset kNone;
  const Ruleset& now = running ? *running : kNone;
  for (const Chain& chain : wanted.chains) planner.chain(find_named(now.chains, chain.name), chain);
  for (const Chain& chain : now.chains)
    if (!find_named(wanted.chains, chain.name)) planner.foreign_chain(chain);
  planner.sets(now.sets, wanted.sets);
  return out;
}

}  // namespace cloister::firewall::policy
