#include <fnmatch.h>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {
namespace {

bool is_pattern(std::string_view part) { return part.find_first_of("*?[") != std::string_view::npos; }

// The paths below `folders` whose next part matches. Hidden files need a pattern that begins with a dot.
std::vector<std::string> matching(const System& system, const std::vector<std::string>& folders,
                                  const std::string& part) {
  std::vector<std::string> found;
  for (const std::string& folder : folders) {
    if (!is_pattern(part)) {
      found.push_back(folder + "/" + part);
      continue;
    }
    const auto names = system.list(folder.empty() ? "/" : folder);
    if (!names) continue;
    for (const std::string& name : *names)
      if (fnmatch(part.c_str(), name.c_str(), FNM_PERIOD) == 0) found.push_back(folder + "/" + name);
  }
  return found;
}

}  // namespace

std::vector<std::string> System::glob(const std::string& pattern) const {
  std::vector<std::string> found = {""};
  for (std::size_t from = 0; from < pattern.size();) {
    const std::size_t slash = std::min(pattern.find('/', from), pattern.size());
    if (slash > from) found = matching(*this, found, pattern.substr(from, slash - from));
    from = slash + 1;
  }
  std::erase_if(found, [this](const std::string& path) { return !exists(path.empty() ? "/" : path); });
  return found;
}

}  // namespace cloister::audit::probes
