#include "audit/checks/library.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "audit/checks/check.h"

namespace cloister::audit::checks {
namespace {

std::vector<model::Check> read_list(Source& source, const YAML::Node& root) {
  std::vector<model::Check> all;
  if (!root.IsSequence()) {
    source.complain(root, "a file of checks is a list");
    return all;
  }
  for (const YAML::Node& entry : root) all.push_back(read_check(source, entry));
  return all;
}

void complain_of_duplicates(const std::vector<model::Check>& all, Problems& problems) {
  std::map<std::string, const model::Check*> seen;
  for (const model::Check& check : all)
    if (const auto [first, is_new] = seen.emplace(check.id, &check); !is_new && !check.id.empty())
      problems.lines.push_back(fmt::format("{}:{}: there is a check {} already ({}:{})", check.file,
                                           check.line, check.id, first->second->file, first->second->line));
}

// *.yaml of the folder that are not about exceptions: sorted.
std::vector<std::string> files_in(const std::string& folder, Problems& problems) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".yaml" && entry.path().filename() != "exceptions.yaml")
      files.push_back(entry.path().string());
  if (error) problems.lines.push_back(fmt::format("{}: {}", folder, error.message()));
  if (!error && files.empty()) problems.lines.push_back(folder + ": there are no checks");
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::vector<model::Check> parse_checks(const std::string& file, const std::string& text, Problems& problems) {
  std::vector<model::Check> all;
  read_yaml(file, text, problems,
            [&](Source& source, const YAML::Node& root) { all = read_list(source, root); });
  complain_of_duplicates(all, problems);
  return all;
}

Result<std::vector<model::Check>, Problems> load_checks(const std::string& folder) {
  Problems problems;
  std::vector<model::Check> all;
  for (const std::string& file : files_in(folder, problems))
    read_yaml_file(file, problems, [&](Source& source, const YAML::Node& root) {
      for (model::Check& check : read_list(source, root)) all.push_back(std::move(check));
    });
  complain_of_duplicates(all, problems);
  if (!problems.lines.empty()) return fail(std::move(problems));
  return all;
}

}  // namespace cloister::audit::checks
