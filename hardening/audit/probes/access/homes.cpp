// The folders of those who work on the machine, and the files with a dot in them.
#include <algorithm>
#include <set>

#include "audit/probes/access/logins.h"
#include "audit/probes/access/probes.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

// "0600 own own": owner and group are "own" when they are the user's.
std::string access_of(const System& system, const User& user, const FileStatus& status) {
  return status.mode_text() + " " + (status.uid == user.uid ? "own" : user_name(system, status.uid)) + " " +
         (status.gid == user.gid ? "own" : group_name(system, status.gid));
}

bool belongs_to(std::string_view kind, const std::string& name) {
  static const std::set<std::string, std::less<>> kTrust = {".forward", ".rhosts", ".shosts"};
  static const std::set<std::string, std::less<>> kSecret = {".netrc", ".bash_history"};
  if (kind == "trust_files") return kTrust.contains(name);
  if (kind == "secret_files") return kSecret.contains(name);
  return !kTrust.contains(name) && !kSecret.contains(name);
}

void add_folder(const System& system, const User& user, Observation& seen) {
  const auto status = system.stat(user.home, Follow::yes);
  if (!status) {
    seen.facts.push_back({user.name, status.error().absent() ? "missing" : "unreadable"});
    return;
  }
  const bool is_folder = status->type == FileStatus::Type::directory;
  seen.facts.push_back({user.name, is_folder ? access_of(system, user, *status) : "no folder"});
}

void add_files(const System& system, const User& user, std::string_view kind, Observation& seen) {
  const auto names = system.list(user.home);
  if (!names) {
    if (!names.error().absent()) seen = observation_of(names.error());
    return;
  }
  for (const std::string& name : *names) {
    if (!name.starts_with('.') || !belongs_to(kind, name)) continue;
    const std::string path = user.home + "/" + name;
    const auto status = system.stat(path);
    if (status && status->type == FileStatus::Type::regular)
      seen.facts.push_back({path, access_of(system, user, *status)});
  }
}

}  // namespace

Observation observe_homes(const System& system, const model::ProbeArguments& arguments) {
  const std::string& query = arguments.one();
  Observation seen;
  for (const User& user : interactive_users(system)) {
    if (query == "folders")
      add_folder(system, user, seen);
    else
      add_files(system, user, query, seen);
    if (seen.state != State::observed) return seen;
  }
  return seen;
}

}  // namespace cloister::audit::probes
