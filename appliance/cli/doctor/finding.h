// One line of the doctor's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cloister::cli::doctor {

// From good to bad. A note is neither: advice, or what was not looked at.
enum class Verdict : std::uint8_t { ok, note, warning, error };

struct Finding {
  Verdict verdict = Verdict::ok;
  std::string what;    // a sentence
  std::string remedy;  // what to do; empty when all is well
  friend bool operator==(const Finding&, const Finding&) = default;
};

using Findings = std::vector<Finding>;

inline Finding ok(std::string what) { return {Verdict::ok, std::move(what), {}}; }
inline Finding note(std::string what) { return {Verdict::note, std::move(what), {}}; }
inline Finding warning(std::string what, std::string remedy) {
  return {Verdict::warning, std::move(what), std::move(remedy)};
}
inline Finding error(std::string what, std::string remedy) {
  return {Verdict::error, std::move(what), std::move(remedy)};
}

}  // namespace cloister::cli::doctor
