#include "audit/reports/diff.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <map>

namespace cloister::audit::reports {
namespace {

using engine::CheckReport;
using model::Verdict;

std::map<std::string, const CheckReport*> by_id(const engine::Report& report) {
  std::map<std::string, const CheckReport*> all;
  for (const CheckReport& check : report.checks) all.emplace(check.id, &check);
  return all;
}

bool is_bad(std::optional<Verdict> verdict) { return verdict == Verdict::fail || verdict == Verdict::error; }

const char* word_of(std::optional<Verdict> verdict) { return verdict ? word(*verdict) : "not there"; }

}  // namespace

std::vector<Change> changes(const engine::Report& before, const engine::Report& after) {
  std::vector<Change> all;
  auto earlier = by_id(before);
  for (const CheckReport& check : after.checks) {
    const auto found = earlier.find(check.id);
    std::optional<Verdict> was;
    if (found != earlier.end()) {
      was = found->second->verdict;
      earlier.erase(found);
    }
    if (was != check.verdict)
      all.push_back(
          {check.id, check.title, was, check.verdict, check.reason, is_bad(check.verdict) && !is_bad(was)});
  }
  for (const CheckReport& check : before.checks)
    if (earlier.contains(check.id))
      all.push_back({check.id, check.title, check.verdict, std::nullopt, {}, false});
  return all;
}

void write_changes(std::ostream& out, const std::vector<Change>& changes) {
  if (changes.empty()) out << "No verdict has changed.\n";
  for (const Change& one : changes) {
    fmt::print(out, "{} {}: {} → {}\n    {}\n", one.worse ? '!' : ' ', one.check, word_of(one.before),
               word_of(one.after), one.title);
    if (!one.reason.empty()) fmt::print(out, "    {}\n", one.reason);
  }
}

}  // namespace cloister::audit::reports
