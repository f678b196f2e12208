#include "load/server.h"

#include <algorithm>
#include <cctype>

namespace cloister::load {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }

// The value of the first `key: "…"`; empty when there is none.
std::string string_of(std::string_view script, std::string_view key) {
  for (auto at = script.find(key); at != std::string_view::npos; at = script.find(key, at + 1)) {
    std::string_view rest = script.substr(at + key.size());
    if (at > 0 && is_word(script[at - 1])) continue;
    if (!rest.empty() && (rest.front() == '"' || rest.front() == '\''))
      rest.remove_prefix(1);  // a quoted key
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\n"), rest.size()));
    if (!rest.starts_with(':')) continue;
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\n"), rest.size()));
    if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) continue;
    const auto end = rest.find(rest.front(), 1);
    if (end != std::string_view::npos) return std::string(rest.substr(1, end - 1));
  }
  return {};
}

}  // namespace

Result<Server, ConfigError> parse_config(std::string_view script) {
  Server out;
  const std::string domain = string_of(script, "domain");
  out.login_domain = string_of(script, "anonymousdomain");
  out.host_domain = domain;
  if (out.login_domain.empty()) out.login_domain = domain;
  out.room_domain = string_of(script, "muc");
  out.focus = string_of(script, "focus");
  if (out.focus.empty()) out.focus = "focus." + domain;
  if (domain.empty() || out.room_domain.empty()) return fail(ConfigError::no_hosts);
  const auto address = net::WebAddress::parse(string_of(script, "websocket"));
  if (!address) return fail(ConfigError::no_web_socket);
  out.web_socket = *address;
  return out;
}

std::string room_of(std::string_view target) {
  target = target.substr(0, target.find_first_of("?#"));
  while (target.ends_with('/')) target.remove_suffix(1);
  std::string room(target.substr(target.rfind('/') + 1));
  std::ranges::transform(room, room.begin(), [](unsigned char c) { return std::tolower(c); });
  return room;
}

}  // namespace cloister::load
