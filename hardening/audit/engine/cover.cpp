#include "audit/engine/cover.h"

#include <fmt/core.h>

#include <algorithm>

namespace cloister::audit::engine {
namespace {

using model::Exception;
using model::Verdict;

bool is_settled(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::alternative || verdict == Verdict::not_applicable;
}

std::string place(const Exception& exception) {
  return fmt::format("the {}'s exception", model::word(exception.origin));
}

}  // namespace

void cover(CheckReport& check, std::span<const Exception> exceptions, const std::string& today,
           const Look& look, std::vector<Remark>& remarks) {
  const auto found = std::ranges::find(exceptions, check.id, &Exception::check);
  if (found == exceptions.end()) return;
  const auto remark = [&](std::string text) { remarks.push_back({check.id, std::move(text)}); };
  // Of an unpacked system: as far as can be seen.
  const Truth truth = found->when ? judge(*found->when, look).truth : Truth::holds;
  const bool applies = truth == Truth::holds || truth == Truth::needs_running;
  const bool overdue = found->review < today;
  if (is_settled(check.verdict) && applies) remark(fmt::format("{} is not needed any more", place(*found)));
  if (overdue) remark(fmt::format("{} was to be reviewed by {}", place(*found), found->review));
  if (check.verdict != Verdict::fail || overdue) return;
  if (!applies) return remark(fmt::format("{} does not cover this machine", place(*found)));
  check.verdict = Verdict::exception;
  check.exception = CoveredBy{.origin = model::word(found->origin),
                              .reason = found->reason,
                              .risk = found->risk,
                              .compensation = found->compensation,
                              .accepted_by = found->accepted_by,
                              .review = found->review};
}

}  // namespace cloister::audit::engine
