#include "audit/checks/condition.h"

#include <fmt/core.h>

#include "audit/checks/expectation.h"
#include "audit/probes/registry.h"

namespace cloister::audit::checks {
namespace {

using model::Condition;
using model::Observation;

model::ProbeArguments read_arguments(Source& source, const YAML::Node& node) {
  model::ProbeArguments arguments;
  if (!node.IsMap()) {
    arguments.values = source.texts(node, "a probe's argument");
    return arguments;
  }
  for (const auto& entry : node) {
    const std::string name = source.text(entry.first, "an argument's name");
    auto values = source.texts(entry.second, name);
    if (values.empty()) source.complain(entry.second, name + " is empty");
    if (!arguments.named.emplace(name, std::move(values)).second)
      source.complain(entry.first, fmt::format("the probe has {} twice", name));
  }
  return arguments;
}

Condition read_parts(Source& source, Condition::Kind kind, const YAML::Node& list) {
  Condition condition;
  condition.kind = kind;
  const char* const name = kind == Condition::Kind::all ? "all" : "any";
  if (!list.IsSequence() || list.size() == 0) {
    source.complain(list, fmt::format("{} needs a list", name));
    return condition;
  }
  for (const YAML::Node& entry : list) {
    Mapping mapping(source, entry, fmt::format("an entry of {}", name));
    if (auto part = read_condition(mapping); part)
      condition.parts.push_back(std::move(*part));
    else
      source.complain(entry, fmt::format("an entry of {} has no probe", name));
    mapping.finish();
  }
  return condition;
}

// One observation of an example; see docs/auditor/checks.md.
Observation read_observation(Source& source, const YAML::Node& node) {
  Observation seen;
  if (node.IsScalar()) {
    const std::string& value = node.Scalar();
    if (value == word(model::State::absent))
      seen.state = model::State::absent;
    else if (value == word(model::State::not_installed))
      seen.state = model::State::not_installed;
    else
      seen.facts = {
          {"", value}
      };
  } else if (node.IsSequence()) {
    for (const std::string& value : source.texts(node, "an example's value"))
      seen.facts.push_back({"", value});
  } else if (node.IsMap()) {
    for (const auto& entry : node)
      for (std::string& value : source.texts(entry.second, "an example's value"))
        seen.facts.push_back({source.text(entry.first, "a fact's name"), std::move(value)});
  } else {
    source.complain(node, "an example must be a value, a list or a mapping");
  }
  return seen;
}

}  // namespace

model::ProbeCall read_probe_call(Source& source, const YAML::Node& node) {
  model::ProbeCall call;
  if (node.IsScalar()) {
    call.probe = node.Scalar();
  } else if (node.IsMap() && node.size() == 1) {
    call.probe = source.text(node.begin()->first, "a probe's name");
    call.arguments = read_arguments(source, node.begin()->second);
  } else {
    source.complain(node, "a probe is written {NAME: ARGUMENT}");
    return call;
  }
  const auto* const probe = probes::find_probe(call.probe);
  if (probe == nullptr) {
    source.complain(node, fmt::format("there is no probe {}", call.probe));
  } else if (const auto fault = probes::find_fault(*probe, call.arguments); fault) {
    source.complain(node, *fault);
  }
  return call;
}

std::optional<Condition> read_condition(Mapping& mapping) {
  Source& source = mapping.source();
  const auto probe = mapping.find("probe");
  const auto expect = mapping.find("expect");
  const auto all = mapping.find("all");
  const auto any = mapping.find("any");
  if ((probe ? 1 : 0) + (all ? 1 : 0) + (any ? 1 : 0) > 1)
    source.complain(mapping.node(), "only one of probe, all and any can be judged");
  if (expect && !probe) source.complain(*expect, "expect belongs to a probe");
  if (all) return read_parts(source, Condition::Kind::all, *all);
  if (any) return read_parts(source, Condition::Kind::any, *any);
  if (!probe) return std::nullopt;
  Condition look;
  look.call = read_probe_call(source, *probe);
  if (expect)
    look.expect = read_expectation(source, *expect);
  else
    source.complain(*probe, "a probe needs expect");
  return look;
}

std::vector<model::Example> read_examples(Source& source, const YAML::Node& list, std::size_t looks) {
  std::vector<model::Example> examples;
  if (!list.IsSequence()) {
    source.complain(list, "examples must be a list");
    return examples;
  }
  for (const YAML::Node& entry : list) {
    const YAML::Node& fixed = entry;
    model::Example example;
    if (fixed.IsMap() && fixed.size() == 1 && fixed["clauses"].IsDefined() && fixed["clauses"].IsSequence()) {
      for (const YAML::Node& one : fixed["clauses"]) example.push_back(read_observation(source, one));
    } else {
      example.push_back(read_observation(source, fixed));
    }
    if (example.size() != looks)
      source.complain(entry, fmt::format("the example has {} observations, the check looks {} times",
                                         example.size(), looks));
    examples.push_back(std::move(example));
  }
  return examples;
}

}  // namespace cloister::audit::checks
