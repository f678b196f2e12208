// The system's own users and groups: passwd(5), group(5), shadow(5). Read below the root directory, never by
// the machine's name service.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

struct User {
  std::string name;
  std::string password;  // "x": it is in shadow
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home;
  std::string shell;  // as login takes it: /bin/sh when the field is empty
};

struct Group {
  std::string name;
  gid_t gid = 0;
  std::vector<std::string> members;
};

// Days count from 1970; a field that is empty is absent.
struct Shadow {
  std::string name;
  std::string hash;
  std::optional<long long> last_change;
  std::optional<long long> min_days;
  std::optional<long long> max_days;
  std::optional<long long> warn_days;
  std::optional<long long> inactive_days;

  // Nobody gets in with it: it begins with ! or *.
  bool locked() const { return hash.starts_with('!') || hash.starts_with('*'); }
  bool has_password() const { return !hash.empty() && !locked(); }
};

// Lines that are none (too few fields, no number for an id) are left out, as the C library does.
std::vector<User> parse_passwd(std::string_view text);
std::vector<Group> parse_group(std::string_view text);
std::vector<Shadow> parse_shadow(std::string_view text);

// One of the files with its content, or why there is none.
template <class Entry>
using Entries = Result<std::vector<Entry>, FileError>;
const Entries<User>& users(const System& system);
const Entries<Group>& groups(const System& system);
const Entries<Shadow>& shadows(const System& system);

// The name, else the number in decimal.
std::string user_name(const System& system, uid_t uid);
std::string group_name(const System& system, gid_t gid);

// "0640 root adm": mode, owner, group. What the checks call access.
std::string access_text(const System& system, const FileStatus& status);

}  // namespace cloister::audit::probes
