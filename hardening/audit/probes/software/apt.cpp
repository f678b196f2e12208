#include <fmt/core.h>

#include <set>

#include "audit/probes/software/apt_config.h"
#include "audit/probes/software/apt_sources.h"
#include "audit/probes/software/deb_version.h"
#include "audit/probes/software/dpkg_status.h"
#include "audit/probes/software/openpgp.h"
#include "audit/probes/software/probes.h"
#include "audit/probes/text/paragraphs.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

constexpr const char* kLists = "/var/lib/apt/lists/";
constexpr std::size_t kLargestList = 128 * 1024 * 1024;

Observation sources(const System& system) {
  Observation seen;
  for (const AptSource& source : apt_sources(system)) seen.facts.push_back({source.where, text_of(source)});
  if (seen.facts.empty()) seen.state = State::absent;
  return seen;
}

// Keyrings that some source trusts: the general ones, and those that a source names.
std::set<std::string> keyrings(const System& system) {
  std::set<std::string> files;
  for (const char* const pattern :
       {"/etc/apt/trusted.gpg", "/etc/apt/trusted.gpg.d/*.gpg", "/etc/apt/trusted.gpg.d/*.asc"})
    for (const std::string& path : system.glob(pattern)) files.insert(path);
  for (const AptSource& source : apt_sources(system))
    for (const std::string_view file : fields_of(source.signed_by, ','))
      if (!file.empty()) files.emplace(file);
  return files;
}

Observation keys(const System& system) {
  Observation seen;
  for (const std::string& file : keyrings(system)) {
    if (!file.starts_with('/')) {  // fingerprints, or a key inside of a source
      seen.facts.push_back({"signed-by", file});
      continue;
    }
    const auto bytes = system.read_file(file);
    if (!bytes) return {State::unreadable, {}, file + " cannot be read"};
    const Keyring keyring = parse_keyring(*bytes);
    for (const std::string& fingerprint : keyring.fingerprints) seen.facts.push_back({file, fingerprint});
    if (!keyring.complete) seen.facts.push_back({file, "no keyring"});
  }
  if (seen.facts.empty()) seen.state = State::absent;
  return seen;
}

// The lists' common beginning of every archive that calls itself Debian's security archive.
std::vector<std::string> security_archives(const System& system) {
  constexpr std::string_view kSuffix = "_InRelease";
  std::vector<std::string> archives;
  for (const std::string& path : system.glob(std::string(kLists) + "*_InRelease")) {
    const auto text = system.read_file(path);
    if (text && text->find("\nLabel: Debian-Security\n") != std::string_view::npos)
      archives.push_back(path.substr(0, path.size() - kSuffix.size()));
  }
  return archives;
}

Observation security_lists(const System& system) {
  Observation seen;
  for (const std::string& archive : security_archives(system))
    for (const std::string& path : system.glob(archive + "_*_Packages"))
      seen.facts.push_back({"list", path.substr(std::string_view(kLists).size())});
  if (seen.facts.empty()) return {State::absent, {}, "apt has no list of the security archive"};
  return seen;
}

void add_pending(std::string_view list, const Packages& installed, Observation& seen) {
  for_each_paragraph(list, [&](const Paragraph& paragraph) {
    const auto found = installed.find(paragraph.field("Package"));
    if (found == installed.end()) return;
    const std::string_view offered = paragraph.field("Version");
    if (compare_versions(found->second, offered) < 0)
      seen.facts.push_back({found->first, fmt::format("{} < {}", found->second, offered)});
  });
}

Observation pending_security(const System& system) {
  const auto& installed = installed_packages(system);
  if (!installed) return observation_of(installed.error());
  Observation seen;
  bool any = false;
  for (const std::string& archive : security_archives(system))
    for (const std::string& path : system.glob(archive + "_*_Packages")) {
      const auto list = system.read_file(path, kLargestList);
      if (!list) return observation_of(list.error());
      add_pending(*list, *installed, seen);
      any = true;
    }
  if (!any) return {State::absent, {}, "apt has no list of the security archive"};
  return seen;
}

Observation settings(const System& system, const std::vector<std::string>& names) {
  const AptConfig config = apt_config(system);
  Observation seen;
  for (const std::string& name : names) {
    const auto found = config.find(lower(name));
    seen.facts.push_back({name, found != config.end() ? found->second : "unset"});
  }
  return seen;
}

}  // namespace

model::Observation observe_apt(const System& system, const model::ProbeArguments& arguments) {
  if (arguments.has("setting")) return settings(system, arguments.all("setting"));
  const std::string& what = arguments.one();
  if (what == "keys") return keys(system);
  if (what == "sources") return sources(system);
  if (what == "security_lists") return security_lists(system);
  if (what == "pending_security") return pending_security(system);
  return {State::unreadable, {}, "apt knows no " + what};
}

}  // namespace cloister::audit::probes
