#include "audit/probes/access/logins.h"

#include <algorithm>
#include <iterator>

#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {

std::vector<Shadow> parse_shadow(std::string_view text) {
  std::vector<Shadow> shadows;
  for (const auto& [line_number, line] : lines_of(text, "")) {
    const auto fields = fields_of(line, ':');
    if (fields.size() < 7 || fields[0].empty()) continue;
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

const Shadows& shadows_of(const System& system) {
  return system.remember<Shadows>("shadow", [&]() -> Shadows {
    const auto content = system.read_file("/etc/shadow", 16 * System::kUsualLimit);
    if (!content) return fail(content.error());
    return parse_shadow(*content);
  });
}

long long login_def(const System& system, std::string_view key, long long usual) {
  const auto content = system.read_file("/etc/login.defs");
  if (!content) return usual;
  for (const auto& [line_number, line] : lines_of(*content))
    if (const auto words = words_of(line); words.size() >= 2 && words[0] == key)
      usual = number(words[1]).value_or(usual);
  return usual;
}

bool is_working_shell(const System& system, std::string_view shell) {
  const auto name = shell.substr(shell.rfind('/') + 1);
  if (name == "nologin" || name == "false") return false;
  const auto content = system.read_file("/etc/shells");
  if (!content) return true;  // rather one too many
  return std::ranges::any_of(lines_of(*content), [&](const Line& line) { return line.text == shell; });
}

std::string_view shell_of(const User& user) {
  return user.shell.empty() ? "/bin/sh" : std::string_view(user.shell);
}

std::vector<User> interactive_users(const System& system) {
  std::vector<User> found;
  std::ranges::copy_if(accounts_of(system).users, std::back_inserter(found),
                       [&](const User& user) { return is_working_shell(system, shell_of(user)); });
  return found;
}

}  // namespace cloister::audit::probes
