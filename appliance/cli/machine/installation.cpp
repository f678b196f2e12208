#include "cli/machine/installation.h"

namespace cloister::cli::machine {
namespace {

constexpr std::uint16_t kLastPort = 65535;

void read_public(SettingsReader in, PublicSettings& to) {
  in.require("host", to.host);
  in.read_number<std::uint16_t>("port", to.port, 1, kLastPort);
  in.read("addresses", to.addresses);
  in.read("ca_file", to.ca_file);
  in.finish();
}

void read_relay(SettingsReader in, RelaySettings& to) {
  in.read("enabled", to.enabled);
  in.read("host", to.host);
  in.read_number<std::uint16_t>("port", to.port, 1, kLastPort);
  in.read("secret_file", to.secret_file);
  in.finish();
}

void read_files(SettingsReader in, FileSettings& to) {
  in.read("bridge", to.bridge);
  in.read("focus", to.focus);
  in.read("gate", to.gate);
  in.read("firewall", to.firewall);
  in.read("web", to.web);
  in.read("nginx", to.nginx);
  in.read("prosody", to.prosody);
  in.read("relay", to.relay);
  in.read("certificate", to.certificate);
  in.finish();
}

void read_backup(SettingsReader in, BackupSettings& to) {
  in.read("paths", to.paths);
  in.read("databases", to.databases);
  in.read("without", to.without);
  in.read("kept", to.kept);
  in.finish();
}

}  // namespace

Result<Installation, SettingsError> load_installation(const std::string& file) {
  Installation out;
  auto problems = read_settings(file, [&out](SettingsReader& in) {
    read_public(in.section("public"), out.open);
    read_relay(in.section("relay"), out.relay);
    read_files(in.section("files"), out.files);
    read_backup(in.section("backup"), out.backup);
    in.read("services", out.services);
    in.finish();
  });
  if (!problems.empty()) return fail(SettingsError{std::move(problems)});
  if (out.relay.host.empty()) out.relay.host = out.open.host;
  return out;
}

}  // namespace cloister::cli::machine
