#include "audit/engine/expectation.h"

#include <algorithm>
#include <limits>

#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::engine {
namespace {

using model::Expectation;
using model::Fact;
using model::Match;
using model::Observation;
using model::State;
using Kind = Expectation::Kind;

bool is_absent(const Observation& seen) {
  return seen.state == State::absent || seen.state == State::not_installed;
}
bool is_seen(const Observation& seen) {
  return seen.state == State::observed || seen.state == State::not_running;
}

bool is_among(const std::string& value, const std::vector<std::string>& all) {
  return std::ranges::find(all, value) != all.end();
}

bool number_between(const std::string& value, long long least, long long most) {
  const auto number = probes::number(value);
  return number && *number >= least && *number <= most;
}

bool mode_within(const std::string& value, long long most) {
  const auto mode = probes::number(value, 8);
  return mode && *mode >= 0 && (*mode & ~most) == 0;
}

bool has_word(const std::string& value, const std::string& wanted) {
  const auto words = probes::words_of(value, " \t,");
  return std::ranges::find(words, wanted) != words.end();
}

// Of one value, for the expectations that are about each.
bool holds_of(const Expectation& wanted, const std::string& value) {
  const auto word_in_value = [&](const std::string& one) { return has_word(value, one); };
  switch (wanted.kind) {
    case Kind::equals: return value == wanted.operands.front();
    case Kind::one_of: return is_among(value, wanted.operands);
    case Kind::matches: return wanted.pattern && wanted.pattern->whole(value) == Match::yes;
    case Kind::not_matches: return wanted.pattern && wanted.pattern->search(value) == Match::no;
    case Kind::at_least: return number_between(value, wanted.least, std::numeric_limits<long long>::max());
    case Kind::at_most: return number_between(value, std::numeric_limits<long long>::min(), wanted.most);
    case Kind::between: return number_between(value, wanted.least, wanted.most);
    case Kind::mode_at_most: return mode_within(value, wanted.most);
    case Kind::contains_all: return std::ranges::all_of(wanted.operands, word_in_value);
    case Kind::contains_none: return std::ranges::none_of(wanted.operands, word_in_value);
    default: return false;
  }
}

Observation with(const Observation& seen, std::vector<Fact> facts) {
  return {.state = seen.state, .facts = std::move(facts), .note = {}};
}

bool some_fact_holds(const Expectation& part, const Observation& seen) {
  return std::ranges::any_of(seen.facts, [&](const Fact& fact) { return holds(part, with(seen, {fact})); });
}

bool named_facts_hold(const Expectation& wanted, const Observation& seen) {
  for (std::size_t i = 0; i < wanted.parts.size(); ++i) {
    std::vector<Fact> named;
    std::ranges::copy_if(seen.facts, std::back_inserter(named),
                         [&](const Fact& fact) { return fact.name == wanted.operands[i]; });
    if (named.empty() && seen.state == State::not_running) continue;
    if (named.empty() || !holds(wanted.parts[i], with(seen, std::move(named)))) return false;
  }
  return true;
}

bool lines_included(const Expectation& wanted, const Observation& seen) {
  return std::ranges::all_of(wanted.operands, [&](const std::string& line) {
    return std::ranges::find(seen.facts, line, &Fact::value) != seen.facts.end();
  });
}

}  // namespace

bool holds(const Expectation& wanted, const Observation& seen) {
  const auto holds_too = [&](const Expectation& part) { return holds(part, seen); };
  switch (wanted.kind) {
    case Kind::nothing: return is_seen(seen) && seen.facts.empty();
    case Kind::present: return is_seen(seen);
    case Kind::absent: return is_absent(seen);
    case Kind::unset_or: return is_absent(seen) || holds(wanted.parts.front(), seen);
    case Kind::all_of: return !wanted.parts.empty() && std::ranges::all_of(wanted.parts, holds_too);
    case Kind::any_of: return std::ranges::any_of(wanted.parts, holds_too);
    case Kind::some: return is_seen(seen) && some_fact_holds(wanted.parts.front(), seen);
    case Kind::facts: return is_seen(seen) && named_facts_hold(wanted, seen);
    case Kind::lines_include: return is_seen(seen) && lines_included(wanted, seen);
    default:
      return is_seen(seen) && !seen.facts.empty() &&
             std::ranges::all_of(seen.facts, [&](const Fact& fact) { return holds_of(wanted, fact.value); });
  }
}

}  // namespace cloister::audit::engine
