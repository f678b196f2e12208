#include "cli/report/report_commands.h"

#include <iostream>
#include <memory>

#include "cli/report/reports.h"

namespace cloister::cli::report {
namespace {

struct Options {
  std::string settings = machine::kInstallationFile;
  std::string format = "md";
};
using Write = Document (*)(const std::string&, const std::vector<Judged>&,
                           std::chrono::system_clock::time_point);

int run(const Options& options, Write write) {
  const auto installation = machine::load_installation(options.settings);
  if (!installation) {
    for (const std::string& problem : installation.error().problems)
      std::cerr << "cloister: " << problem << '\n';
    return 2;
  }
  // Only files are looked at, those below /proc too.
  const auto system = audit::probes::System::running("/", {});
  if (!system) {
    std::cerr << "cloister: / cannot be read: " << system.error().code.message() << '\n';
    return 2;
  }
  const auto judged = judge({*installation, *system});
  const Document document = write(installation->open.host, judged, std::chrono::system_clock::now());
  std::cout << (options.format == "html" ? as_html(document) : as_markdown(document));
  return all_hold(judged) ? 0 : 1;
}

}  // namespace

void add_commands(CLI::App& cloister, std::function<int()>& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* const group = cloister.add_subcommand(
      "report", "What may honestly be said of this server, each sentence checked against it");
  group->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, Write write) {
    CLI::App* const command = group->add_subcommand(name, what);
    command->add_option("--format", options->format, "md (Markdown) or html")
        ->check(CLI::IsMember({"md", "html"}))
        ->capture_default_str();
    command->add_option("--config", options->settings, "What the command knows of the installation (YAML)")
        ->capture_default_str();
    command->callback(
        [&chosen, options, write] { chosen = [options, write] { return run(*options, write); }; });
  };
  add("privacy", "The privacy notice for participants (status 1: something in it does not hold)",
      privacy_notice);
  add("gdpr", "The record of processing activities (status 1: something in it does not hold)",
      record_of_processing);
}

}  // namespace cloister::cli::report
