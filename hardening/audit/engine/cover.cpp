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
  const Truth applies = found->when ? judge(*found->when, look).truth : Truth::holds;
  const bool overdue = found->review < today;
  if (is_settled(check.verdict) && applies == Truth::holds)
    remark(fmt::format("{} is not needed any more", place(*found)));
  if (overdue) remark(fmt::format("{} was to be reviewed by {}", place(*found), found->review));
  if (check.verdict != Verdict::fail || overdue) return;
  if (applies != Truth::holds) return remark(fmt::format("{} does not cover this machine", place(*found)));
  check.verdict = Verdict::exception;
  check.exception = CoveredBy{.origin = model::word(found->origin),
                              .reason = found->reason,
                              .risk = found->risk,
                              .compensation = found->compensation,
                              .accepted_by = found->accepted_by,
                              .review = found->review};
}

}  // namespace cloister::audit::engine
