// cloister-guard: the firewall. Sets the kernel's rules and keeps them.
#include <CLI/CLI.hpp>

#include "base/daemon.h"
#include "firewall/guard/daemon.h"
#include "firewall/policy/settings.h"
#include "firewall/protocol/request.h"

using namespace cloister;

int main(int argc, char** argv) {
  CLI::App command_line{"Sets the firewall's rules, keeps them, and bans sources on request."};
  daemon::Options options{.settings_file = "/etc/cloister/firewall.yaml"};
  daemon::add_options(command_line, "cloister-guard " CLOISTER_VERSION, options);
  std::string socket = firewall::protocol::kSocket;
  command_line.add_option("--socket", socket, "Where requests are taken")->capture_default_str();
  CLI11_PARSE(command_line, argc, argv);

  if (!options.check_only) return firewall::guard::run({.settings = options.settings_file, .socket = socket});
  const auto settings = firewall::policy::load_settings(options.settings_file);
  return settings ? 0 : daemon::give_up(settings.error());
}
