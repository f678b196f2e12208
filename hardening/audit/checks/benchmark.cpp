#include "audit/checks/benchmark.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace cloister::audit::checks {
namespace {

std::vector<int> numbers_of(const std::string& id) {
  std::vector<int> numbers;
  const char* at = id.data();
  const char* const end = at + id.size();
  while (at < end) {
    int number = 0;
    at = std::from_chars(at, end, number).ptr;
    numbers.push_back(number);
    ++at;  // the dot
  }
  return numbers;
}

Recommendation read_recommendation(Source& source, const YAML::Node& node) {
  Recommendation one;
  Mapping mapping(source, node, "a recommendation");
  one.id = mapping.text("id");
  if (one.id.empty() || one.id.find_first_not_of("0123456789.") != std::string::npos)
    source.complain(node, "a recommendation's id is numbers and dots");
  if (const auto level = mapping.require("level"); level)
    one.level = static_cast<int>(source.number(*level, "level").value_or(1));
  if (one.level != 1 && one.level != 2) source.complain(node, "level is 1 or 2");
  const std::string mode = mapping.text("mode");
  if (mode != "automated" && mode != "manual") source.complain(node, "mode is automated or manual");
  one.mode = mode == "manual" ? Recommendation::Mode::manual : Recommendation::Mode::automated;
  mapping.finish();
  return one;
}

}  // namespace

bool before(const std::string& one_id, const std::string& other_id) {
  return numbers_of(one_id) < numbers_of(other_id);
}

bool is_named(const model::Check& check, const std::string& name) {
  return check.id == name || std::ranges::any_of(check.cis, [&](const std::string& id) {
           return id == name || id.starts_with(name + ".");
         });
}

Result<std::vector<Recommendation>, Problems> load_benchmark(const std::string& file) {
  Problems problems;
  std::vector<Recommendation> all;
  read_yaml_file(file, problems, [&](Source& source, const YAML::Node& root) {
    Mapping mapping(source, root, "a benchmark");
    mapping.text("benchmark");
    std::set<std::string> seen;
    if (const auto list = mapping.require("recommendations"); list)
      for (const YAML::Node& entry : *list) {
        all.push_back(read_recommendation(source, entry));
        if (!seen.insert(all.back().id).second) source.complain(entry, all.back().id + " is there twice");
      }
    mapping.finish();
  });
  if (!problems.lines.empty()) return fail(std::move(problems));
  std::ranges::sort(all, before, &Recommendation::id);
  return all;
}

}  // namespace cloister::audit::checks
