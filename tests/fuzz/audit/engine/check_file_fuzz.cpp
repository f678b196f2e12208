#include <cstddef>
#include <cstdint>
#include <string>

#include "audit/checks/library.h"
#include "audit/engine/judge.h"

// A check that is accepted can be judged, whatever its probes see: its own examples are tried.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace audit = cloister::audit;
  audit::checks::Problems problems;
  const auto all =
      audit::checks::parse_checks("f.yaml", std::string(reinterpret_cast<const char*>(data), size), problems);
  if (!problems.lines.empty()) return 0;
  for (const auto& check : all) {
    const auto look = [&](const audit::model::ProbeCall&) {
      return check.pass.empty() ? audit::model::Observation{} : check.pass.front().front();
    };
    audit::engine::judge(check, audit::engine::Machine::running, look);
  }
  return 0;
}
