// What the engine says of a check, and why. Values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/model/observation.h"

namespace cloister::audit::model {

enum class Verdict : std::uint8_t {
  pass,
  fail,
  exception,       // fails, and somebody has answered for it
  alternative,     // the benchmark wants one of several; another one was chosen
  not_applicable,  // a fact proves that there is nothing to judge
  manual,          // a person judges; the evidence is here
  not_judged,      // what is configured is right, or there is nothing of it; the rest needs a running system
  error,           // something could not be read: never a pass
};
inline constexpr Verdict kVerdicts[] = {
    Verdict::pass,           Verdict::fail,   Verdict::exception,  Verdict::alternative,
    Verdict::not_applicable, Verdict::manual, Verdict::not_judged, Verdict::error,
};

// "pass", "fail", "not_applicable" …
const char* word(Verdict verdict);
std::optional<Verdict> parse_verdict(std::string_view word);

// One look: with which probe, what was seen, what was expected (in words; "" for mere evidence).
struct Evidence {
  std::string probe;
  Observation seen;
  std::string expected;
  bool holds = false;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct Finding {
  std::string check;
  Verdict verdict = Verdict::error;
  std::string reason;  // one sentence: what decided
  std::vector<Evidence> evidence;
  std::string exception;  // id of the check's exception when that is the verdict
  friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace cloister::audit::model
