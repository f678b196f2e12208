#include "audit/probes/accounts/accounts.h"

#include <fmt/format.h>

#include <limits>

#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

std::optional<std::uint32_t> parse_id(std::string_view text) {
  const auto id = number(text);
  if (!id || *id < 0 || *id > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(*id);
}

template <class Entry>
Entries<Entry> read(const System& system, const char* path, std::vector<Entry> (*parse)(std::string_view)) {
  const auto content = system.read_file(path);
  if (!content) return fail(content.error());
  return parse(*content);
}

template <class Id, class Entry>
std::string name_of(Id id, const Entries<Entry>& entries, Id Entry::*member) {
  if (entries)
    for (const Entry& entry : *entries)
      if (entry.*member == id) return entry.name;
  return std::to_string(id);
}

}  // namespace

std::vector<User> parse_passwd(std::string_view text) {
  std::vector<User> users;
  for (const auto& [number, line] : lines_of(text)) {
    const auto fields = fields_of(line, ':');
    if (fields.size() < 7) continue;
    const auto uid = parse_id(fields[2]);
    const auto gid = parse_id(fields[3]);
    if (!uid || !gid) continue;
    users.push_back({.name = std::string(fields[0]),
                     .password = std::string(fields[1]),
                     .uid = *uid,
                     .gid = *gid,
                     .home = std::string(fields[5]),
                     .shell = fields[6].empty() ? "/bin/sh" : std::string(fields[6])});
  }
  return users;
}

std::vector<Group> parse_group(std::string_view text) {
  std::vector<Group> groups;
  for (const auto& [number, line] : lines_of(text)) {
    const auto fields = fields_of(line, ':');
    if (fields.size() < 4) continue;
    const auto gid = parse_id(fields[2]);
    if (!gid) continue;
    Group group{.name = std::string(fields[0]), .gid = *gid, .members = {}};
    for (const auto member : words_of(fields[3], ", ")) group.members.emplace_back(member);
    groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<Shadow> parse_shadow(std::string_view text) {
  std::vector<Shadow> shadows;
  for (const auto& [line_number, line] : lines_of(text)) {
    const auto fields = fields_of(line, ':');
    if (fields.size() < 7) continue;
    shadows.push_back({.name = std::string(fields[0]),
                       .hash = std::string(fields[1]),
                       .last_change = number(fields[2]),
                       .min_days = number(fields[3]),
                       .max_days = number(fields[4]),
                       .warn_days = number(fields[5]),
                       .inactive_days = number(fields[6])});
  }
  return shadows;
}

const Entries<User>& users(const System& system) {
  return system.remember<Entries<User>>("users", [&] { return read(system, "/etc/passwd", parse_passwd); });
}

const Entries<Group>& groups(const System& system) {
  return system.remember<Entries<Group>>("groups", [&] { return read(system, "/etc/group", parse_group); });
}

const Entries<Shadow>& shadows(const System& system) {
  return system.remember<Entries<Shadow>>("shadows",
                                          [&] { return read(system, "/etc/shadow", parse_shadow); });
}

std::string user_name(const System& system, uid_t uid) { return name_of(uid, users(system), &User::uid); }

std::string group_name(const System& system, gid_t gid) { return name_of(gid, groups(system), &Group::gid); }

std::string access_text(const System& system, const FileStatus& status) {
  return fmt::format("{} {} {}", status.mode_text(), user_name(system, status.uid),
                     group_name(system, status.gid));
}

}  // namespace cloister::audit::probes
