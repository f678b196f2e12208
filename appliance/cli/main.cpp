// cloister: what the operator of a server does by hand.
#include <CLI/CLI.hpp>

#include "cli/audit/audit_commands.h"
#include "cli/backup/backup_commands.h"
#include "cli/completion/completion.h"
#include "cli/doctor/doctor_commands.h"
#include "cli/firewall/firewall_commands.h"
#include "cli/host/host_commands.h"
#include "cli/report/report_commands.h"
#include "cli/status/status_commands.h"

int main(int argc, char** argv) {
  CLI::App app{"Runs a Cloister server.", "cloister"};
  app.set_version_flag("--version", "cloister " CLOISTER_VERSION);
  app.require_subcommand(1);
  std::function<int()> chosen;
  cloister::cli::audit::add_commands(app, chosen);
  cloister::cli::firewall::add_commands(app, chosen);
  cloister::cli::host::add_commands(app, chosen);
  cloister::cli::backup::add_commands(app, chosen);
  cloister::cli::doctor::add_commands(app, chosen);
  cloister::cli::status::add_commands(app, chosen);
  cloister::cli::report::add_commands(app, chosen);
  cloister::cli::completion::add_commands(app, chosen);
  CLI11_PARSE(app, argc, argv);
  return chosen();
}
