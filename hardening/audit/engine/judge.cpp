#include "audit/engine/judge.h"

#include <fmt/core.h>

#include <algorithm>

#include "audit/engine/expectation.h"

namespace cloister::audit::engine {
namespace {

using model::Condition;
using model::Evidence;
using model::Finding;
using model::Observation;
using model::State;
using model::Verdict;

Truth truth_of(const model::Expectation& expect, const Observation& seen) {
  if (seen.state == State::unreadable) return Truth::unreadable;
  if (seen.state == State::not_running && seen.facts.empty()) return Truth::needs_running;
  if (!holds(expect, seen)) return Truth::fails;
  return seen.state == State::not_running ? Truth::needs_running : Truth::holds;
}

// What decides when several must hold: a failure, then what is not known.
Truth all_of(const std::vector<Truth>& parts) {
  return parts.empty() ? Truth::fails : *std::ranges::min_element(parts);
}

// Where one is enough: a success, then what is not known.
Truth any_of(const std::vector<Truth>& parts) {
  for (const Truth one : {Truth::holds, Truth::unreadable, Truth::needs_running})
    if (std::ranges::find(parts, one) != parts.end()) return one;
  return Truth::fails;
}

Truth walk(const Condition& condition, const Look& look, std::vector<Evidence>& evidence) {
  if (condition.kind == Condition::Kind::look) {
    Observation seen = look(condition.call);
    const Truth truth = truth_of(condition.expect, seen);
    evidence.push_back(
        {condition.call.text(), std::move(seen), in_words(condition.expect), truth == Truth::holds});
    return truth;
  }
  std::vector<Truth> parts;
  for (const Condition& part : condition.parts) parts.push_back(walk(part, look, evidence));
  return condition.kind == Condition::Kind::all ? all_of(parts) : any_of(parts);
}

std::string short_form(const Observation& seen) {
  if (seen.state == State::unreadable) return seen.note.empty() ? "cannot be read" : seen.note;
  if (seen.state == State::absent) return "is not there";
  if (seen.state == State::not_installed) return "is not installed";
  if (seen.facts.empty())
    return seen.state == State::not_running ? "needs a running system" : "nothing found";
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(seen.facts.size(), 3); ++i) {
    const auto& [name, value] = seen.facts[i];
    if (i != 0) text += ", ";
    text += name.empty() ? value : fmt::format("{}: {}", name, value);
  }
  if (seen.facts.size() > 3) text += fmt::format(" and {} more", seen.facts.size() - 3);
  return text;
}

// "sysctl: net.ipv4.ip_forward: running: 1, configured: 0 (expected: is "0")", of the look that decided.
std::string sentence_of(const std::vector<Evidence>& evidence) {
  const auto decided = std::ranges::find_if(evidence, [](const Evidence& one) { return !one.holds; });
  if (decided == evidence.end()) return evidence.empty() ? "" : short_form(evidence.front().seen);
  return fmt::format("{} → {} (expected: {})", decided->probe, short_form(decided->seen), decided->expected);
}

std::string unreadable_sentence(const std::vector<Evidence>& evidence) {
  for (const Evidence& one : evidence)
    if (one.seen.state == State::unreadable) return fmt::format("{} → {}", one.probe, short_form(one.seen));
  return "something could not be read";
}

Finding from(const model::Check& check, Judgement&& judged) {
  Finding finding{
      .check = check.id, .verdict = Verdict::error, .reason = {}, .evidence = {}, .exception = {}};
  switch (judged.truth) {
    case Truth::holds: finding.verdict = Verdict::pass; break;
    case Truth::fails:
      finding.verdict = Verdict::fail;
      finding.reason = sentence_of(judged.evidence);
      break;
    case Truth::needs_running:
      finding.verdict = Verdict::not_judged;
      finding.reason = "needs a running system";
      break;
    case Truth::unreadable: finding.reason = unreadable_sentence(judged.evidence); break;
  }
  finding.evidence = std::move(judged.evidence);
  return finding;
}

Finding undecided(const model::Check& check, Judgement&& judged) {
  Finding finding = from(check, std::move(judged));
  if (finding.verdict == Verdict::pass || finding.verdict == Verdict::fail) finding.verdict = Verdict::error;
  return finding;
}

Finding gather(const model::Check& check, const Look& look) {
  Finding finding{check.id, Verdict::manual, check.manual->question, {}, {}};
  for (const model::ProbeCall& call : check.manual->evidence) {
    Observation seen = look(call);
    if (seen.state == State::unreadable) finding.verdict = Verdict::error;
    finding.evidence.push_back({call.text(), std::move(seen), "", true});
  }
  if (finding.verdict == Verdict::error) finding.reason = unreadable_sentence(finding.evidence);
  return finding;
}

}  // namespace

Judgement judge(const Condition& condition, const Look& look) {
  Judgement judgement;
  judgement.truth = walk(condition, look, judgement.evidence);
  return judgement;
}

Finding judge(const model::Check& check, Machine machine, const Look& look) {
  if (check.offline == model::Offline::never && machine == Machine::unpacked)
    return {check.id, Verdict::not_judged, "needs a running system", {}, {}};
  if (check.applies_when) {
    Judgement applies = judge(check.applies_when->condition, look);
    if (applies.truth == Truth::fails)
      return {
          check.id, Verdict::not_applicable, check.applies_when->otherwise, std::move(applies.evidence), {}};
    if (applies.truth != Truth::holds) return undecided(check, std::move(applies));
  }
  if (check.alternative) {
    Judgement proof = judge(check.alternative->proof, look);
    if (proof.truth == Truth::holds)
      return {check.id,
              Verdict::alternative,
              fmt::format("chosen instead: {}", check.alternative->to),
              std::move(proof.evidence),
              {}};
    if (proof.truth != Truth::fails) return undecided(check, std::move(proof));
    if (!check.condition && !check.manual) return from(check, std::move(proof));
  }
  if (check.manual) return gather(check, look);
  return from(check, judge(*check.condition, look));
}

}  // namespace cloister::audit::engine
