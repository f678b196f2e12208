#include <fmt/format.h>

#include "audit/engine/expectation.h"

namespace cloister::audit::engine {
namespace {

using model::Expectation;
using Kind = Expectation::Kind;

std::string quoted(const std::vector<std::string>& operands) {
  std::vector<std::string> all;
  for (const std::string& one : operands) all.push_back(fmt::format("\"{}\"", one));
  return fmt::format("{}", fmt::join(all, ", "));
}

std::string joined(const std::vector<Expectation>& parts, const char* between) {
  std::vector<std::string> all;
  for (const Expectation& part : parts) all.push_back(in_words(part));
  return fmt::format("{}", fmt::join(all, between));
}

std::string of_named(const Expectation& wanted) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < wanted.parts.size(); ++i)
    all.push_back(fmt::format("{} {}", wanted.operands[i], in_words(wanted.parts[i])));
  return fmt::format("{}", fmt::join(all, "; "));
}

}  // namespace

std::string in_words(const Expectation& wanted) {
  const std::string pattern = wanted.pattern ? wanted.pattern->text() : std::string{};
  switch (wanted.kind) {
    case Kind::equals: return fmt::format("is {}", quoted(wanted.operands));
    case Kind::one_of: return fmt::format("is one of {}", quoted(wanted.operands));
    case Kind::matches: return fmt::format("matches /{}/", pattern);
    case Kind::not_matches: return fmt::format("does not match /{}/", pattern);
    case Kind::at_least: return fmt::format("is at least {}", wanted.least);
    case Kind::at_most: return fmt::format("is at most {}", wanted.most);
    case Kind::between: return fmt::format("is between {} and {}", wanted.least, wanted.most);
    case Kind::mode_at_most: return fmt::format("is {:04o} or tighter", wanted.most);
    case Kind::contains_all: return fmt::format("has {}", quoted(wanted.operands));
    case Kind::contains_none: return fmt::format("has none of {}", quoted(wanted.operands));
    case Kind::nothing: return "finds nothing";
    case Kind::present: return "is there";
    case Kind::absent: return "is not there";
    case Kind::some: return fmt::format("one {}", in_words(wanted.parts.front()));
    case Kind::lines_include: return fmt::format("includes {}", quoted(wanted.operands));
    case Kind::facts: return of_named(wanted);
    case Kind::all_of: return joined(wanted.parts, " and ");
    case Kind::any_of: return joined(wanted.parts, ", or ");
    case Kind::unset_or: return fmt::format("is not set, or {}", in_words(wanted.parts.front()));
  }
  return {};
}

}  // namespace cloister::audit::engine
