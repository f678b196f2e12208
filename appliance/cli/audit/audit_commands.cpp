#include "cli/audit/audit_commands.h"

#include <fmt/core.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <sstream>

#include "audit/reports/diff.h"
#include "audit/reports/explain.h"
#include "audit/reports/format.h"
#include "audit/reports/framework.h"
#include "audit/reports/json.h"
#include "cli/audit/evidence_commands.h"
#include "cli/audit/files.h"
#include "cli/audit/run.h"

namespace cloister::cli::audit {

namespace engine = cloister::audit::engine;
namespace reports = cloister::audit::reports;

namespace {

struct Options {
  RunOptions run;
  std::string format = "text";
  std::string output;
  std::string explain;
  std::string diff;
  std::string framework;
  bool all = false;
  bool list = false;
};

int complain(const Problems& problems) {
  for (const std::string& problem : problems) std::cerr << "cloister: " << problem << '\n';
  return kError;
}

int explain(const Options& options) {
  const auto plan = load_plan(options.run);
  if (!plan) return complain(plan.error());
  engine::Plan one = *plan;
  one.choice.only = {options.explain};
  const auto chosen = engine::choose(one);
  if (!chosen) return complain({chosen.error()});
  for (const auto* const check : *chosen) {
    if (check != chosen->front()) std::cout << "\n\n";
    reports::explain(std::cout, *check, one.exceptions);
  }
  return 0;
}

int list(const Options& options) {
  const auto plan = load_plan(options.run);
  if (!plan) return complain(plan.error());
  const auto chosen = engine::choose(*plan);
  if (!chosen) return complain({chosen.error()});
  reports::list(std::cout, *chosen);
  return 0;
}

// Where it was asked for; a report tells where a machine is weak, so the file is its owner's alone.
int put(const Options& options, const std::string& text, int status) {
  if (options.output.empty()) {
    std::cout << text;
    return status;
  }
  if (const auto written = write_own_file(options.output, text); !written)
    return complain({fmt::format("{}: {}", options.output, written.error().message())});
  return status;
}

int compare(const Options& options, const engine::Report& report) {
  const auto earlier_text = read_whole_file(options.diff);
  if (!earlier_text) return complain({fmt::format("{}: {}", options.diff, earlier_text.error().message())});
  const auto earlier = reports::parse_json(*earlier_text);
  if (!earlier) return complain({fmt::format("{}: {}", options.diff, earlier.error())});
  std::ostringstream out;
  reports::write_changes(out, reports::changes(*earlier, report));
  return put(options, out.str(), engine::exit_status(report));
}

int group(const Options& options, const engine::Report& report) {
  const auto framework = load_framework(options.run, options.framework);
  if (!framework) return complain(framework.error());
  std::ostringstream out;
  const auto grouped = reports::view(report, *framework);
  options.format == "json" ? reports::write_json(out, grouped) : reports::write_text(out, grouped);
  return put(options, out.str(), engine::exit_status(report));
}

int audit(const Options& options) {
  if (!options.framework.empty() && options.format != "text" && options.format != "json")
    return complain({"--framework is shown as text or json"});
  const auto report = run_audit(options.run, isatty(STDERR_FILENO) == 1 ? Progress::shown : Progress::quiet);
  if (!report) return complain(report.error());
  if (!options.diff.empty()) return compare(options, *report);
  if (!options.framework.empty()) return group(options, *report);
  std::ostringstream out;
  reports::write(out, *reports::parse_format(options.format), *report,
                 options.all ? reports::Detail::everything : reports::Detail::what_matters);
  return put(options, out.str(), engine::exit_status(*report));
}

int perform(const Options& options) {
  if (!options.explain.empty()) return explain(options);
  return options.list ? list(options) : audit(options);
}

void add_choice(CLI::App& command, RunOptions& run) {
  command.add_option("--level", run.choice.level, "1, or 2 for both")
      ->check(CLI::Range(1, 2))
      ->capture_default_str();
  command.add_option("--profile", run.choice.profile, "Which machine this is")->capture_default_str();
  command.add_option("--only", run.choice.only,
                     "Checks, recommendations (5.1.20) or sections (5.1) of the benchmark");
  command.add_option("--root", run.root, "An unpacked system instead of this one")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  command.add_option("--checks", run.checks, "Folder of the checks")->capture_default_str();
  command.add_option("--exceptions", run.exceptions, "What this site does not follow (YAML)")
      ->capture_default_str();
}

}  // namespace

void add_commands(CLI::App& cloister, std::function<int()>& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* const group = cloister.add_subcommand(
      "audit",
      "Is this machine as it should be? (status 0: no check fails, 1: one does, 2: not all could be judged)");
  group->require_subcommand(0, 1);
  add_choice(*group, options->run);
  group->add_option("--format", options->format, "text, json, html, sarif or junit")
      ->check(CLI::IsMember({"text", "json", "html", "sarif", "junit"}))
      ->capture_default_str();
  group->add_option("--output", options->output, "Write to this file");
  group->add_option("--explain", options->explain, "Say what a check looks at, and why; run nothing");
  group->add_option("--diff", options->diff, "Show what has changed since this report (JSON)");
  group->add_option("--framework", options->framework, "Group by gdpr, hipaa, soc2 or iso27001")
      ->check(CLI::IsMember({"gdpr", "hipaa", "soc2", "iso27001"}));
  group->add_flag("--all", options->all, "As text: with what passes, and everything that was seen");
  group->add_flag("--list", options->list, "List the checks; run nothing");
  add_evidence_commands(*group, options->run, chosen);
  group->final_callback([&chosen, options, group] {
    if (group->get_subcommands().empty()) chosen = [options] { return perform(*options); };
  });
}

}  // namespace cloister::cli::audit
