// The recommendations of the CIS Debian Linux 12 Benchmark v1.1.0: their numbers, levels and kinds. Its texts
// are under copyright and not here.
#pragma once

#include <string>
#include <vector>

#include "audit/checks/reader.h"
#include "audit/model/check.h"

namespace cloister::audit::checks {

inline constexpr const char* kBenchmark = "debian12-1.1.0";  // as checks name it
inline constexpr const char* kBenchmarkName = "CIS Debian Linux 12 Benchmark v1.1.0";

struct Recommendation {
  enum class Mode : std::uint8_t { automated, manual };
  std::string id;
  int level = 1;
  Mode mode = Mode::automated;
};

// In the benchmark's order.
Result<std::vector<Recommendation>, Problems> load_benchmark(const std::string& file);

// "1.1.2.9" before "1.1.2.10".
bool before(const std::string& one_id, const std::string& other_id);

// Is `name` the check's id, one of its recommendations or a section ("5.1") of one?
bool is_named(const model::Check& check, const std::string& name);

}  // namespace cloister::audit::checks
