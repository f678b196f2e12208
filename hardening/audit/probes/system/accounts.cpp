#include "audit/probes/system/accounts.h"

#include <algorithm>
#include <charconv>

namespace cloister::audit::probes {
namespace {

std::vector<std::string> split(std::string_view text, char between) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(between);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::uint32_t> parse_number(const std::string& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

std::optional<User> parse_user(const std::vector<std::string>& fields) {
  if (fields.size() != 7) return std::nullopt;
  const auto uid = parse_number(fields[2]);
  const auto gid = parse_number(fields[3]);
  if (!uid || !gid) return std::nullopt;
  return User{fields[0], fields[1], *uid, *gid, fields[5], fields[6]};
}

std::optional<Group> parse_group(const std::vector<std::string>& fields) {
  if (fields.size() != 4) return std::nullopt;
  const auto gid = parse_number(fields[2]);
  if (!gid) return std::nullopt;
  Group group{fields[0], fields[1], *gid, {}};
  for (std::string& member : split(fields[3], ','))
    if (!member.empty()) group.members.push_back(std::move(member));
  return group;
}

template <class T>
std::vector<T> read_list(const System& system, const std::string& path,
                         std::optional<T> (*parse)(const std::vector<std::string>&),
                         std::vector<std::string>& malformed) {
  std::vector<T> all;
  const auto content = system.read_file(path, 16 * System::kUsualLimit);
  if (!content) return all;
  std::size_t number = 0;
  for (const std::string& line : split(*content, '\n')) {
    ++number;
    if (line.empty()) continue;
    if (auto parsed = parse(split(line, ':')); parsed)
      all.push_back(std::move(*parsed));
    else
      malformed.push_back(path + ":" + std::to_string(number));
  }
  return all;
}

}  // namespace

const Accounts& accounts_of(const System& system) {
  return system.remember<Accounts>("accounts", [&] {
    Accounts accounts;
    accounts.users = read_list<User>(system, "/etc/passwd", parse_user, accounts.malformed);
    accounts.groups = read_list<Group>(system, "/etc/group", parse_group, accounts.malformed);
    return accounts;
  });
}

std::string user_name(const System& system, uid_t uid) {
  const auto& users = accounts_of(system).users;
  const auto found = std::ranges::find(users, uid, &User::uid);
  return found != users.end() ? found->name : std::to_string(uid);
}

std::string group_name(const System& system, gid_t gid) {
  const auto& groups = accounts_of(system).groups;
  const auto found = std::ranges::find(groups, gid, &Group::gid);
  return found != groups.end() ? found->name : std::to_string(gid);
}

std::string access_text(const System& system, const FileStatus& status) {
  return status.mode_text() + " " + user_name(system, status.uid) + " " + group_name(system, status.gid);
}

}  // namespace cloister::audit::probes
