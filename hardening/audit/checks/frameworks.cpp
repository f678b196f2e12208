#include "audit/checks/frameworks.h"

#include <fmt/core.h>

#include <algorithm>

#include "audit/checks/benchmark.h"

namespace cloister::audit::checks {
namespace {

void read_covers(Source& source, const YAML::Node& list, std::span<const model::Check> all, Clause& clause) {
  for (const YAML::Node& entry : list) {
    const std::string name = source.text(entry, "covers");
    const std::size_t before = clause.checks.size();
    for (const model::Check& check : all)
      if (is_named(check, name) && std::ranges::find(clause.checks, check.id) == clause.checks.end())
        clause.checks.push_back(check.id);
    const bool is_known =
        std::ranges::any_of(all, [&](const model::Check& check) { return is_named(check, name); });
    if (!is_known) source.complain(entry, fmt::format("no check has {}", name));
    if (is_known && clause.checks.size() == before)
      source.complain(entry, fmt::format("{} is there already", name));
  }
}

Framework read_framework(Source& source, const YAML::Node& root, std::span<const model::Check> all) {
  Framework framework;
  Mapping mapping(source, root, "a framework");
  framework.id = mapping.text("framework");
  framework.title = mapping.text("title");
  framework.note = mapping.text_or_none("note");
  const auto clauses = mapping.require("clauses");
  if (clauses && (!clauses->IsSequence() || clauses->size() == 0))
    source.complain(*clauses, "clauses needs a list");
  else if (clauses)
    for (const YAML::Node& entry : *clauses) {
      Clause clause;
      Mapping inner(source, entry, "a clause");
      clause.id = inner.text("id");
      clause.title = inner.text("title");
      const auto covers = inner.require("covers");
      if (covers && covers->IsSequence() && covers->size() > 0)
        read_covers(source, *covers, all, clause);
      else if (covers)
        source.complain(*covers, "covers needs a list");
      inner.finish();
      framework.clauses.push_back(std::move(clause));
    }
  mapping.finish();
  return framework;
}

}  // namespace

Framework parse_framework(const std::string& file, const std::string& text, std::span<const model::Check> all,
                          Problems& problems) {
  Framework framework;
  read_yaml(file, text, problems,
            [&](Source& source, const YAML::Node& root) { framework = read_framework(source, root, all); });
  return framework;
}

Result<Framework, Problems> load_framework(const std::string& file, std::span<const model::Check> all) {
  Problems problems;
  Framework framework;
  read_yaml_file(file, problems, [&](Source& source, const YAML::Node& root) {
    framework = read_framework(source, root, all);
  });
  if (!problems.lines.empty()) return fail(std::move(problems));
  return framework;
}

}  // namespace cloister::audit::checks
