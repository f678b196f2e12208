#include "cli/status/status_commands.h"

#include <iostream>
#include <memory>

#include "cli/status/report.h"

namespace cloister::cli::status {
namespace {

struct Options {
  std::string settings = machine::kInstallationFile;
  bool json = false;
};

int run(const Options& options) {
  const auto installation = machine::load_installation(options.settings);
  if (!installation) {
    for (const std::string& problem : installation.error().problems)
      std::cerr << "cloister: " << problem << '\n';
    return 1;
  }
  const Status seen = look(*installation);
  options.json ? print_json(std::cout, seen) : print_text(std::cout, seen);
  return seen.all_run() ? 0 : 1;
}

}  // namespace

void add_commands(CLI::App& cloister, std::function<int()>& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command =
      cloister.add_subcommand("status", "Services, meetings, certificate, updates, disk and memory");
  command->add_option("--config", options->settings, "What the command knows of the installation (YAML)")
      ->capture_default_str();
  command->add_flag("--json", options->json, "For programs");
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace cloister::cli::status
