#include "audit/probes/files/paths.h"

#include <map>

namespace cloister::audit::probes {
namespace {

bool is_file(const System& system, const std::string& path) {
  const auto status = system.stat(path, Follow::yes);
  return status && status->type == FileStatus::Type::regular;
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

std::vector<std::string> existing_files(const System& system, const model::ProbeArguments& arguments) {
  std::vector<std::string> files;
  for (const char* name : {"path", "paths"})
    for (const std::string& pattern : arguments.all(name))
      for (std::string& path : system.glob(pattern))
        if (is_file(system, path)) files.push_back(std::move(path));
  return files;
}

std::vector<std::string> merged_folders(const System& system, const std::vector<std::string>& folders,
                                        const std::string& suffix) {
  std::map<std::string, std::string> by_name;
  for (const std::string& folder : folders) {
    const auto names = system.list(folder);
    if (!names) continue;
    for (const std::string& name : *names)
      if (name.ends_with(suffix)) by_name.emplace(name, folder + "/" + name);
  }
  std::vector<std::string> files;
  for (auto& [name, path] : by_name)
    if (is_file(system, path)) files.push_back(std::move(path));
  return files;
}

std::vector<std::string> with_drop_ins(const System& system, const std::string& file,
                                       const std::string& folder) {
  const std::string within = folder_of(file).substr(std::string_view("/etc").size());
  const std::string name = file.substr(file.rfind('/'));
  std::vector<std::string> files;
  std::vector<std::string> folders;
  for (const char* const top : {"/etc", "/run", "/usr/local/lib", "/usr/lib"}) {
    const std::string path = top + within + name;
    if (files.empty() && is_file(system, path)) files.push_back(path);
    folders.push_back(top + within + "/" + folder);
  }
  for (std::string& path : merged_folders(system, folders, ".conf")) files.push_back(std::move(path));
  return files;
}

}  // namespace cloister::audit::probes
