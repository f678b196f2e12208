#include "audit/model/check.h"

#include <fmt/format.h>

namespace cloister::audit::model {
namespace {

std::string text_of(const std::vector<std::string>& values) {
  return values.size() == 1 ? values.front() : fmt::format("[{}]", fmt::join(values, ", "));
}

void collect(const Condition& condition, std::vector<const Condition*>& looks) {
  if (condition.kind == Condition::Kind::look) looks.push_back(&condition);
  for (const Condition& part : condition.parts) collect(part, looks);
}

}  // namespace

const std::vector<std::string>& ProbeArguments::all(std::string_view name) const {
  static const std::vector<std::string> none;
  if (name.empty()) return values;
  const auto found = named.find(name);
  return found != named.end() ? found->second : none;
}

const std::string& ProbeArguments::one(std::string_view name) const {
  static const std::string none;
  const auto& given = all(name);
  return given.empty() ? none : given.front();
}

const std::vector<std::string>& ProbeArguments::plain_or(std::string_view name) const {
  return values.empty() ? all(name) : values;
}

bool ProbeArguments::flag(std::string_view name, bool unless_given) const {
  const auto& given = all(name);
  if (given.empty()) return unless_given;
  const std::string& word = given.front();
  return word == "yes" || word == "on" || word == "true";
}

std::string ProbeCall::text() const {
  if (arguments.named.empty()) return fmt::format("{}: {}", probe, text_of(arguments.values));
  std::vector<std::string> named;
  for (const auto& [name, values] : arguments.named)
    named.push_back(fmt::format("{}: {}", name, text_of(values)));
  return fmt::format("{}: {{{}}}", probe, fmt::join(named, ", "));
}

std::vector<const Condition*> Condition::looks() const {
  std::vector<const Condition*> all;
  collect(*this, all);
  return all;
}

}  // namespace cloister::audit::model
