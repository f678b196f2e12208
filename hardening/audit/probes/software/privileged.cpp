// Programs that gain rights when they are started, and whether they are as their package brought them.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <map>
#include <set>

#include "audit/probes/files/file_walk.h"
#include "audit/probes/software/probes.h"
#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

constexpr std::size_t kLargestProgram = 64 * 1024 * 1024;
constexpr std::size_t kLargestList = 16 * 1024 * 1024;
constexpr const char* kInfo = "/var/lib/dpkg/info/";

// dpkg knows files by the names they had before /bin and /lib moved below /usr.
std::vector<std::string> names_of(const std::string& path) {
  std::vector<std::string> names = {path};
  for (const std::string_view moved : {"/usr/bin/", "/usr/sbin/", "/usr/lib/"})
    if (path.starts_with(moved)) names.push_back(path.substr(4));
  return names;
}

// "login" for "login.list" and "libc6:amd64.list".
std::string package_of(std::string_view list) {
  list.remove_suffix(std::string_view(".list").size());
  return std::string(list.substr(0, list.find(':')));
}

// Which of the paths which list names: path → file name without ".list".
std::map<std::string, std::string> owners_of(const System& system, const std::set<std::string>& paths) {
  std::map<std::string, std::string> owners;
  const auto names = system.list("/var/lib/dpkg/info");
  if (!names) return owners;
  for (const std::string& name : *names) {
    if (!name.ends_with(".list")) continue;
    const auto content = system.read_file(kInfo + name, kLargestList);
    if (!content) continue;
    for (const auto& [number, line] : lines_of(*content, ""))
      if (const auto wanted = paths.find(std::string(line)); wanted != paths.end())
        owners.emplace(*wanted, name);
  }
  return owners;
}

std::string md5_of(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) return {};
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

// The sum that the package came with; "" when it has none for this file.
std::string sum_of(const System& system, std::string list, std::string_view path) {
  list.replace(list.size() - std::string_view(".list").size(), std::string::npos, ".md5sums");
  const auto content = system.read_file(kInfo + list, kLargestList);
  if (!content) return {};
  for (const auto& [number, line] : lines_of(*content, ""))
    if (const auto words = split_at(line, ' '); words && "/" + std::string(words->second) == path)
      return std::string(words->first);
  return {};
}

std::string state_of(const System& system, const std::string& path,
                     const std::map<std::string, std::string>& owners) {
  for (const std::string& name : names_of(path)) {
    const auto owner = owners.find(name);
    if (owner == owners.end()) continue;
    const std::string sum = sum_of(system, owner->second, name);
    const auto content = system.read_file(path, kLargestProgram);
    const char* word = !content                  ? "unreadable"
                       : sum.empty()             ? "without sum"
                       : md5_of(*content) == sum ? "unchanged"
                                                 : "changed";
    return fmt::format("package {} {}", package_of(owner->second), word);
  }
  return "no package";
}

}  // namespace

Observation observe_privileged(const System& system, const model::ProbeArguments&) {
  const FileWalk& walk = walk_files(system);
  std::set<std::string> wanted;
  for (const WalkedFile& file : walk.privileged)
    for (std::string& name : names_of(file.path)) wanted.insert(std::move(name));
  const auto owners = owners_of(system, wanted);
  Observation seen;
  for (const WalkedFile& file : walk.privileged)
    seen.facts.push_back({file.path, state_of(system, file.path, owners)});
  if (seen.facts.empty() && !walk.unreadable.empty())
    return {State::unreadable, {}, "cannot list " + walk.unreadable.front()};
  return seen;
}

}  // namespace cloister::audit::probes
