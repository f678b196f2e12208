#include "audit/checks/exceptions.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "audit/checks/condition.h"

namespace cloister::audit::checks {
namespace {

using model::Exception;

Exception read_exception(Source& source, const YAML::Node& node, Exception::Origin origin) {
  Mapping mapping(source, node, "an exception");
  Exception one;
  one.origin = origin;
  one.file = source.file();
  one.line = source.line_of(node);
  one.check = mapping.text("check");
  one.reason = mapping.text("reason");
  one.risk = mapping.text("risk");
  one.compensation = mapping.text("compensation");
  one.accepted_by = mapping.text("accepted_by");
  one.review = mapping.text("review");
  if (!one.review.empty() && !is_date(one.review))
    source.complain(node, one.review + " is no date: write 2027-01-31");
  if (const auto when = mapping.find("when"); when) {
    Mapping inner(source, *when, "when");
    one.when = read_condition(inner);
    if (!one.when) source.complain(*when, "when has nothing to look at");
    inner.finish();
  }
  mapping.finish();
  return one;
}

std::vector<Exception> read_list(Source& source, const YAML::Node& root, Exception::Origin origin) {
  std::vector<Exception> all;
  if (root.IsNull()) return all;  // an empty file
  if (!root.IsSequence()) {
    source.complain(root, "a file of exceptions is a list");
    return all;
  }
  for (const YAML::Node& entry : root) {
    Exception one = read_exception(source, entry, origin);
    if (std::ranges::find(all, one.check, &Exception::check) != all.end())
      source.complain(entry, "there is an exception for " + one.check + " already");
    all.push_back(std::move(one));
  }
  return all;
}

void add_file(const std::string& path, Exception::Origin origin, std::vector<Exception>& all,
              Problems& problems) {
  read_yaml_file(path, problems, [&](Source& source, const YAML::Node& root) {
    for (Exception& one : read_list(source, root, origin)) {
      std::erase_if(all, [&](const Exception& earlier) { return earlier.check == one.check; });
      all.push_back(std::move(one));
    }
  });
}

}  // namespace

std::vector<Exception> parse_exceptions(const std::string& file, const std::string& text,
                                        Exception::Origin origin, Problems& problems) {
  std::vector<Exception> all;
  read_yaml(file, text, problems,
            [&](Source& source, const YAML::Node& root) { all = read_list(source, root, origin); });
  return all;
}

Result<std::vector<Exception>, Problems> load_exceptions(const std::string& product, const std::string& site,
                                                         std::span<const model::Check> checks) {
  Problems problems;
  std::vector<Exception> all;
  if (!product.empty()) add_file(product, Exception::Origin::product, all, problems);
  std::error_code unknown;
  const auto kind = site.empty() ? std::filesystem::file_status(std::filesystem::file_type::not_found)
                                 : std::filesystem::status(site, unknown);
  if (kind.type() != std::filesystem::file_type::not_found)
    add_file(site, Exception::Origin::site, all, problems);
  for (const Exception& one : all)
    if (!one.check.empty() && std::ranges::find(checks, one.check, &model::Check::id) == checks.end())
      problems.lines.push_back(fmt::format("{}:{}: there is no check {}", one.file, one.line, one.check));
  if (!problems.lines.empty()) return fail(std::move(problems));
  return all;
}

}  // namespace cloister::audit::checks
