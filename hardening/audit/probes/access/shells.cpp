// What a login shell starts with: how long it may idle, its mask, and root's search path.
#include <fmt/format.h>

#include <algorithm>

#include "audit/probes/access/pam_stack.h"
#include "audit/probes/access/probes.h"
#include "audit/probes/access/shell_settings.h"
#include "audit/probes/system/accounts.h"
#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

std::vector<std::string> everybodys_files(const System& system) {
  std::vector<std::string> files = {"/etc/profile", "/etc/bash.bashrc"};
  for (std::string& path : system.glob("/etc/profile.d/*.sh")) files.push_back(std::move(path));
  return files;
}

const std::vector<std::string> kRootsFiles = {"/root/.bash_profile", "/root/.bash_login", "/root/.profile",
                                              "/root/.bashrc"};

// Calls look(path, content) for every file that is there; the first one that cannot be read ends it.
template <class Look>
void in_files(const System& system, const std::vector<std::string>& files, Observation& seen, Look look) {
  for (const std::string& path : files) {
    const auto content = system.read_file(path);
    if (content)
      look(path, *content);
    else if (!content.error().absent())
      seen = observation_of(content.error());
    if (seen.state != State::observed) return;
  }
}

void absent_if_none(Observation& seen) {
  if (seen.state == State::observed && seen.facts.empty()) seen.state = State::absent;
}

// "900 readonly exported"
Observation timeout(const System& system) {
  Observation seen;
  in_files(system, everybodys_files(system), seen, [&](const std::string& path, std::string_view content) {
    for (const Assignment& one : assignments_of(content, "TMOUT"))
      seen.facts.push_back(
          {fmt::format("{}:{}", path, one.line),
           one.value + (one.readonly ? " readonly" : "") + (one.exported ? " exported" : "")});
  });
  absent_if_none(seen);
  return seen;
}

void add_masks(const System& system, const std::vector<std::string>& files, Observation& seen) {
  in_files(system, files, seen, [&](const std::string& path, std::string_view content) {
    for (const Mask& mask : umasks_of(content))
      seen.facts.push_back({fmt::format("{}:{}", path, mask.line), mask.value});
  });
}

Observation root_umask(const System& system) {
  Observation seen;
  add_masks(system, kRootsFiles, seen);
  absent_if_none(seen);
  return seen;
}

// "UMASK 027", "UMASK=027"
void add_mask_settings(const System& system, Observation& seen) {
  in_files(system, {"/etc/login.defs", "/etc/default/login"}, seen,
           [&](const std::string& path, std::string_view text) {
             for (const auto& [line_number, line] : lines_of(text))
               if (const auto words = words_of(line, " \t="); words.size() >= 2 && words[0] == "UMASK")
                 seen.facts.push_back({fmt::format("{}:{}", path, line_number),
                                       canonical_umask(words[1]).value_or(std::string(words[1]))});
           });
}

void add_mask_of_pam(const System& system, Observation& seen) {
  const auto stack = pam_stack(system, "common-session");
  if (!stack) return;
  for (const PamStackLine& line : *stack)
    if (const auto mask = line.argument("umask"); mask && line.module == "pam_umask")
      seen.facts.push_back({line.where, canonical_umask(*mask).value_or(*mask)});
}

Observation everybodys_umask(const System& system) {
  Observation seen;
  add_masks(system, everybodys_files(system), seen);
  add_mask_settings(system, seen);
  add_mask_of_pam(system, seen);
  absent_if_none(seen);
  return seen;
}

// One place of a search path: "0755 root root folder", "missing", "empty", "relative", "no folder".
std::string place_text(const System& system, const std::string& place) {
  if (place.empty()) return "empty";
  if (!place.starts_with('/')) return "relative";
  const auto status = system.stat(place, Follow::yes);
  if (!status) return status.error().absent() ? "missing" : "unreadable";
  if (status->type != FileStatus::Type::directory) return "no folder";
  return access_text(system, *status) + " folder";
}

void add_path(const System& system, const std::string& where, std::string_view path, Observation& seen) {
  if (path.starts_with("PATH=")) path.remove_prefix(5);
  for (const auto field : fields_of(path, ':')) {
    std::string place(field);
    if (place == "$PATH" || place == "${PATH}") continue;
    for (const std::string_view home : {"$HOME", "${HOME}", "~"})
      if (place.starts_with(home)) place.replace(0, home.size(), "/root");
    const model::Fact fact{place.empty() ? where : place, place_text(system, place)};
    if (std::ranges::find(seen.facts, fact) == seen.facts.end()) seen.facts.push_back(fact);
  }
}

Observation root_path(const System& system) {
  Observation seen;
  std::vector<std::string> files = everybodys_files(system);
  files.insert(files.end(), kRootsFiles.begin(), kRootsFiles.end());
  files.emplace_back("/etc/environment");
  in_files(system, files, seen, [&](const std::string& path, std::string_view content) {
    for (const Assignment& one : assignments_of(content, "PATH"))
      add_path(system, fmt::format("{}:{}", path, one.line), one.value, seen);
  });
  in_files(system, {"/etc/login.defs"}, seen, [&](const std::string& path, std::string_view content) {
    for (const auto& [line_number, line] : lines_of(content))
      if (const auto words = words_of(line); words.size() >= 2 && words[0] == "ENV_SUPATH")
        add_path(system, fmt::format("{}:{}", path, line_number), words[1], seen);
  });
  absent_if_none(seen);
  return seen;
}

}  // namespace

Observation observe_shells(const System& system, const model::ProbeArguments& arguments) {
  const std::string& query = arguments.one();
  if (query == "timeout") return timeout(system);
  if (query == "umask") return everybodys_umask(system);
  if (query == "root_umask") return root_umask(system);
  if (query == "root_path") return root_path(system);
  return {.state = State::unreadable, .facts = {}, .note = "shells knows no query " + query};
}

}  // namespace cloister::audit::probes
