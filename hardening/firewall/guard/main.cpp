// cloister-guard: the firewall. Sets the kernel's rules and keeps them.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "firewall/guard/daemon.h"
#include "firewall/policy/settings.h"
#include "firewall/protocol/request.h"

namespace {

constexpr int kBadSettings = 78;  // EX_CONFIG

int check(const std::string& file) {
  const auto settings = cloister::firewall::policy::load_settings(file);
  if (settings) return 0;
  for (const std::string& problem : settings.error().problems) std::fprintf(stderr, "%s\n", problem.c_str());
  return kBadSettings;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Sets the firewall's rules, keeps them, and bans sources on request."};
  cloister::firewall::guard::Options options{.settings = "/etc/cloister/firewall.yaml",
                                             .socket = cloister::firewall::protocol::kSocket};
  bool check_only = false;
  app.add_option("--config", options.settings, "Settings (YAML)")->capture_default_str();
  app.add_option("--socket", options.socket, "Where requests are taken")->capture_default_str();
  app.add_flag("--check-config", check_only, "Read the settings, say what is wrong with them, and end");
  app.set_version_flag("--version", "cloister-guard " CLOISTER_VERSION);
  CLI11_PARSE(app, argc, argv);
  return check_only ? check(options.settings) : cloister::firewall::guard::run(options);
}
