// cloister-gate's settings: gate.yaml. Defaults and units stand at the members; what a key changes, in its
// comment.
#pragma once

#include <cstdint>
#include <string>

#include "base/settings.h"
#include "gate/secrets/password.h"
#include "gate/sign_in/attempt_limits.h"
#include "gate/sign_in/tokens.h"

namespace cloister::gate::app {

struct StateSettings {
  std::string database = "/var/lib/cloister/gate/hosts.sqlite3";  // in a folder of the gate's own
  std::string key_file = "/etc/cloister/gate.key";  // seals what the database keeps; made by --make-key
};

struct HttpSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8890;
  std::string callers_key;  // first line of callers_key_file: who may ask for people
};

struct Settings {
  StateSettings state;
  HttpSettings http;
  std::string issuer = "Cloister";  // the name that an authenticator app shows beside the account
  secrets::HashCost password_cost;
  sign_in::LimitSettings limits;
  sign_in::TokenSettings tokens;
  std::string guard_socket;  // of the firewall guard; empty: nobody is banned
};

Result<Settings, SettingsError> load_settings(const std::string& file);

}  // namespace cloister::gate::app
