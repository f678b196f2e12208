// Files of records and who may read them: those below /var/log and /run/log by kind, and those of the audit
// daemon.
#include <algorithm>
#include <array>

#include "audit/probes/journal/probes.h"
#include "audit/probes/system/accounts.h"
#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

constexpr int kDeepest = 16;
constexpr std::array<const char*, 6> kAuditPrograms{"/sbin/auditctl", "/sbin/aureport", "/sbin/ausearch",
                                                    "/sbin/autrace",  "/sbin/auditd",   "/sbin/augenrules"};

// lastlog, wtmp and btmp are written by programs of group utmp; sssd and gdm write as themselves; journald
// has its own group of readers; the rest is for root and adm. Rotated ones count with their first name.
std::string_view kind_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (const std::string_view session : {"lastlog", "wtmp", "btmp"})
    if (name == session || name.starts_with(std::string(session) + ".") ||
        name.starts_with(std::string(session) + "-"))
      return "sessions";
  if (name.ends_with(".journal") || name.ends_with(".journal~")) return "journal";
  if (path.find("/sssd/") != std::string_view::npos || name.starts_with("SSSD") || name.starts_with("sssd") ||
      path.find("/gdm") != std::string_view::npos)
    return "logins";
  return "others";
}

void add_files(const System& system, const std::string& folder, std::string_view kind, int depth,
               Observation& seen) {
  const auto names = system.list(folder);
  if (!names) {
    if (!names.error().absent()) seen = observation_of(names.error());
    return;
  }
  for (const std::string& name : *names) {
    const std::string path = folder + "/" + name;
    const auto status = system.stat(path);
    if (!status) continue;
    if (status->type == FileStatus::Type::directory && depth < kDeepest)
      add_files(system, path, kind, depth + 1, seen);
    else if (status->type == FileStatus::Type::regular && kind_of(path) == kind)
      seen.facts.push_back({path, access_text(system, *status)});
    if (seen.state != State::observed) return;
  }
}

void add_file(const System& system, const std::string& path, Observation& seen) {
  if (const auto status = system.stat(path, Follow::yes))
    seen.facts.push_back({path, access_text(system, *status)});
}

std::string audit_log(const System& system) {
  std::string path = "/var/log/audit/audit.log";
  if (const auto content = system.read_file("/etc/audit/auditd.conf"))
    for (const auto& [number, line] : lines_of(*content))
      if (const auto parts = split_at(line, '='); parts && lower(parts->first) == "log_file")
        path = parts->second;
  return path;
}

}  // namespace

Observation observe_log_files(const System& system, const model::ProbeArguments& arguments) {
  Observation seen;
  add_files(system, "/var/log", arguments.one(), 0, seen);
  // a journal that is kept in memory
  if (seen.state == State::observed) add_files(system, "/run/log", arguments.one(), 0, seen);
  return seen;
}

Observation observe_audit_files(const System& system, const model::ProbeArguments& arguments) {
  if (!system.exists("/sbin/auditd")) return {State::not_installed, {}, {}};
  const std::string& query = arguments.one();
  const std::string log = audit_log(system);
  const std::string folder = log.substr(0, log.rfind('/'));
  Observation seen;
  if (query == "logs") {
    for (const std::string& path : system.glob(folder + "/*")) add_file(system, path, seen);
  } else if (query == "log_folder") {
    add_file(system, folder, seen);
  } else if (query == "configuration") {
    for (const char* pattern :
         {"/etc/audit/*.conf", "/etc/audit/*.rules", "/etc/audit/*/*.conf", "/etc/audit/*/*.rules"})
      for (const std::string& path : system.glob(pattern)) add_file(system, path, seen);
  } else if (query == "programs") {
    for (const char* path : kAuditPrograms) add_file(system, path, seen);
  } else {
    return {State::unreadable, {}, "audit_files knows no query " + query};
  }
  if (seen.facts.empty()) seen.state = State::absent;
  return seen;
}

}  // namespace cloister::audit::probes
