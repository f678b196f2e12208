// What decides about logins beside passwd and group: shadow(5), login.defs(5), shells(5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/probes/system/accounts.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

// Days count from 1970; a field that is empty is absent.
struct Shadow {
  std::string name;
  std::string hash;
  std::optional<long long> last_change;
  std::optional<long long> min_days;
  std::optional<long long> max_days;
  std::optional<long long> warn_days;
  std::optional<long long> inactive_days;

  // No password fits: it begins with ! or *.
  bool locked() const { return hash.starts_with('!') || hash.starts_with('*'); }
  bool has_password() const { return !hash.empty() && !locked(); }
};
// Lines with too few fields are left out.
std::vector<Shadow> parse_shadow(std::string_view text);

using Shadows = Result<std::vector<Shadow>, FileError>;
const Shadows& shadows_of(const System& system);

// The number that login.defs gives, else `usual`.
long long login_def(const System& system, std::string_view key, long long usual);

// Shells that somebody can work in: those of /etc/shells but for nologin and false.
bool is_working_shell(const System& system, std::string_view shell);

// As login takes it: /bin/sh when the field is empty.
std::string_view shell_of(const User& user);

// Users whose shell is a working one.
std::vector<User> interactive_users(const System& system);

}  // namespace cloister::audit::probes
