#include "audit/engine/report.h"

namespace cloister::audit::engine {
namespace {

using model::Verdict;

template <class T>
Counts counted(const std::vector<T>& all) {
  Counts counts{};
  for (const T& one : all) ++counts.at(static_cast<std::size_t>(one.verdict));
  return counts;
}

}  // namespace

Counts count_checks(const Report& report) { return counted(report.checks); }
Counts count_recommendations(const Report& report) { return counted(report.recommendations); }
std::size_t count(const Counts& counts, Verdict verdict) {
  return counts.at(static_cast<std::size_t>(verdict));
}

int exit_status(const Report& report) {
  const Counts counts = count_checks(report);
  if (count(counts, Verdict::error) != 0) return 2;
  return count(counts, Verdict::fail) != 0 ? 1 : 0;
}

}  // namespace cloister::audit::engine
