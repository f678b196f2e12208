#include "audit/model/verdict.h"

namespace cloister::audit::model {

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::exception: return "exception";
    case Verdict::alternative: return "alternative";
    case Verdict::not_applicable: return "not_applicable";
    case Verdict::manual: return "manual";
    case Verdict::not_judged: return "not_judged";
    case Verdict::error: break;
  }
  return "error";
}

std::optional<Verdict> parse_verdict(std::string_view text) {
  for (const Verdict verdict : kVerdicts)
    if (text == word(verdict)) return verdict;
  return std::nullopt;
}

}  // namespace cloister::audit::model
