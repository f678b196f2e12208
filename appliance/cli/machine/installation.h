// What the command has to know of the installation that it stands beside: cloister.yaml. Every key but the
// public name has the default of an installed server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/settings.h"

namespace cloister::cli::machine {

// As people outside see the server.
struct PublicSettings {
  std::string host;                      // "meet.example.org"
  std::uint16_t port = 443;              // HTTPS
  std::vector<std::string> addresses{};  // by which the Internet knows it; the machine's own when empty
  std::string ca_file{};                 // an authority that is believed beside the system's
};

// TURN.
struct RelaySettings {
  bool enabled = false;
  std::string host{};  // public.host when empty
  std::uint16_t port = 3478;
  std::string secret_file = "/etc/cloister/private/turn";
};

// Where the services' own settings are.
struct FileSettings {
  std::string bridge = "/etc/cloister/bridge.yaml";
  std::string focus = "/etc/cloister/focus.yaml";
  std::string gate = "/etc/cloister/gate.yaml";
  std::string firewall = "/etc/cloister/firewall.yaml";
  std::string web = "/etc/cloister/config.js";
  std::string nginx = "/etc/nginx/nginx.conf";
  std::string prosody = "/etc/prosody/prosody.cfg.lua";
  std::string relay = "/etc/turnserver.conf";
  std::string certificate = "/etc/cloister/tls/live/fullchain.pem";
};

// The operator's data: what a backup holds, and all that a restoration may write.
struct BackupSettings {
  std::vector<std::string> paths{"/etc/cloister", "/var/lib/cloister-acme", "/var/lib/cloister/audit"};
  std::vector<std::string> databases{"/var/lib/cloister/gate/hosts.sqlite3"};
  // Patterns (fnmatch(3)) of what the installation makes for itself: a machine keeps its own.
  std::vector<std::string> without{"/etc/cloister/private", "/etc/cloister/*.password",
                                   "/etc/cloister/*.secret", "/etc/cloister/gate-callers.key",
                                   "/etc/cloister/ca.pem"};
  std::string kept = "/var/lib/cloister/before-restore";  // a folder: what a restoration replaced
};

struct Installation {
  PublicSettings open{};  // to the public
  RelaySettings relay{};
  FileSettings files{};
  BackupSettings backup{};
  std::vector<std::string> services{"cloister-guard", "cloister-gate",   "prosody",
                                    "cloister-focus", "cloister-bridge", "nginx"};  // systemd's names
};

inline constexpr const char* kInstallationFile = "/etc/cloister/cloister.yaml";

Result<Installation, SettingsError> load_installation(const std::string& file);

}  // namespace cloister::cli::machine
