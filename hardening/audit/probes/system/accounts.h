// The system's own lists of users and groups: /etc/passwd, /etc/group, /etc/shadow, /etc/gshadow. Lines that
// are not well-formed are kept apart, for a check to name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

struct User {
  std::string name;
  std::string password;  // the second field: "x", "", "*" …
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home;
  std::string shell;
};

struct Group {
  std::string name;
  std::string password;
  gid_t gid = 0;
  std::vector<std::string> members;
};

struct Accounts {
  std::vector<User> users;             // in the order of the file
  std::vector<Group> groups;           // the same
  std::vector<std::string> malformed;  // "/etc/passwd:12"
};

// Read once per run. Empty lists when the files are not there or cannot be read: a probe about accounts reads
// them itself first, to say so.
const Accounts& accounts_of(const System& system);

// The name, else the number as text.
std::string user_name(const System& system, uid_t uid);
std::string group_name(const System& system, gid_t gid);

// Mode, owner and group of a file as one value: "0640 root adm".
std::string access_text(const System& system, const FileStatus& status);

}  // namespace cloister::audit::probes
