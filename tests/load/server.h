// What a client has to know of a server: the part of its /config.js that joining needs (client.md §1).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/web_client.h"

namespace cloister::load {

struct Server {
  std::string login_domain;  // of the anonymous login
  std::string host_domain;   // of those with an account
  std::string room_domain;
  std::string focus;  // who is asked for a conference
  net::WebAddress web_socket;
};

enum class ConfigError : std::uint8_t { no_hosts, no_web_socket };

// `script` sets `var config = {…}` in the form that the web server delivers. Only string values of the known
// keys are read, wherever they stand; it is no JavaScript engine.
Result<Server, ConfigError> parse_config(std::string_view script);

// The room that the URL's path names, as the web client spells it: the last part, lower case; empty where
// there is none.
std::string room_of(std::string_view target);

}  // namespace cloister::load
