#include "audit/checks/check.h"

#include <fmt/core.h>

#include <algorithm>

#include "audit/checks/benchmark.h"
#include "audit/checks/condition.h"

namespace cloister::audit::checks {
namespace {

using model::Check;

bool is_id(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == text.npos;
}

void read_benchmark_ids(Mapping& mapping, Check& check) {
  const auto node = mapping.find("cis");
  if (!node) return;
  Mapping cis(mapping.source(), *node, "cis");
  if (const auto ids = cis.require(kBenchmark); ids) check.cis = mapping.source().texts(*ids, kBenchmark);
  cis.finish();
}

void read_level(Mapping& mapping, Check& check) {
  const auto node = mapping.require("level");
  const auto level = node ? mapping.source().number(*node, "level") : std::nullopt;
  if (level && *level != 1 && *level != 2) mapping.source().complain(*node, "level is 1 or 2");
  check.level = level == 2 ? 2 : 1;
}

std::optional<model::Manual> read_manual(Mapping& mapping) {
  const auto node = mapping.find("manual");
  if (!node) return std::nullopt;
  model::Manual manual;
  Mapping inner(mapping.source(), *node, "manual");
  manual.question = inner.text("question");
  if (const auto evidence = inner.require("evidence"); evidence) {
    if (!evidence->IsSequence() || evidence->size() == 0)
      mapping.source().complain(*evidence, "evidence needs a list of probes");
    for (const YAML::Node& probe : *evidence)
      manual.evidence.push_back(read_probe_call(mapping.source(), probe));
  }
  inner.finish();
  return manual;
}

model::Condition require_condition(Mapping& mapping, const std::string& what) {
  if (auto condition = read_condition(mapping); condition) return std::move(*condition);
  mapping.source().complain(mapping.node(), what + " has nothing to look at");
  return {};
}

std::optional<model::AppliesWhen> read_applies_when(Mapping& mapping) {
  const auto node = mapping.find("applies_when");
  if (!node) return std::nullopt;
  model::AppliesWhen applies;
  Mapping inner(mapping.source(), *node, "applies_when");
  applies.condition = require_condition(inner, "applies_when");
  applies.otherwise = inner.text("otherwise");
  inner.finish();
  return applies;
}

std::optional<model::Alternative> read_alternative(Mapping& mapping) {
  const auto to = mapping.find("alternative_to");
  const auto proof = mapping.find("proof");
  if (!to && !proof) return std::nullopt;
  if (!to || !proof) {
    mapping.source().complain(mapping.node(), "alternative_to and proof belong together");
    return std::nullopt;
  }
  model::Alternative alternative;
  alternative.to = mapping.source().text(*to, "alternative_to");
  Mapping inner(mapping.source(), *proof, "proof");
  alternative.proof = require_condition(inner, "proof");
  inner.finish();
  return alternative;
}

void read_offline(Mapping& mapping, Check& check) {
  const std::string offline = mapping.text_or_none("offline");
  if (offline.empty()) return;
  if (offline == "no" || offline == "false")
    check.offline = model::Offline::never;
  else
    mapping.source().complain(mapping.node(), "offline takes only no");
}

void read_examples_of(Mapping& mapping, Check& check) {
  const auto node = mapping.find("examples");
  const model::Condition* judged = check.condition ? &*check.condition : nullptr;
  if (judged == nullptr && check.alternative) judged = &check.alternative->proof;
  if (judged == nullptr) {
    if (node) mapping.source().complain(*node, "what a person judges has no examples");
    return;
  }
  if (!node) return mapping.source().complain(mapping.node(), "the check has no examples");
  Mapping inner(mapping.source(), *node, "examples");
  const std::size_t looks = judged->looks().size();
  if (const auto list = inner.require("pass"); list)
    check.pass = read_examples(mapping.source(), *list, looks);
  if (const auto list = inner.require("fail"); list)
    check.fail = read_examples(mapping.source(), *list, looks);
  if (inner.has("pass") && check.pass.empty()) mapping.source().complain(*node, "no example passes");
  if (inner.has("fail") && check.fail.empty()) mapping.source().complain(*node, "no example fails");
  inner.finish();
}

void read_repair(Mapping& mapping, Check& check) {
  if (const auto node = mapping.find("repaired_by"); node) {
    Mapping inner(mapping.source(), *node, "repaired_by");
    check.repaired_by = model::RepairedBy{inner.text("role"), inner.text_or_none("variable")};
    inner.finish();
  }
  if (const auto node = mapping.find("mutation"); node) {
    Mapping inner(mapping.source(), *node, "mutation");
    check.mutation =
        model::Mutation{inner.text_or_none("prepare"), inner.text("break"), inner.text_or_none("repair")};
    inner.finish();
  }
}

}  // namespace

Check read_check(Source& source, const YAML::Node& node) {
  Mapping mapping(source, node, "a check");
  Check check;
  check.file = source.file();
  check.line = source.line_of(node);
  check.id = mapping.text("id");
  if (!check.id.empty() && !is_id(check.id))
    source.complain(node, check.id + " is no id: a-z, 0-9 and - make one");
  check.title = mapping.text("title");
  check.why = mapping.text("why");
  read_benchmark_ids(mapping, check);
  read_level(mapping, check);
  if (const auto profiles = mapping.find("profile"); profiles)
    check.profiles = source.texts(*profiles, "profile");
  check.condition = read_condition(mapping);
  check.manual = read_manual(mapping);
  check.applies_when = read_applies_when(mapping);
  check.alternative = read_alternative(mapping);
  if (check.condition && check.manual)
    source.complain(node, "a check is judged by a person or by us, not by both");
  if (!check.condition && !check.manual && !check.alternative)
    source.complain(node, "the check looks at nothing");
  read_offline(mapping, check);
  read_examples_of(mapping, check);
  read_repair(mapping, check);
  mapping.finish();
  return check;
}

}  // namespace cloister::audit::checks
