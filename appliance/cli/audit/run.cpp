#include "cli/audit/run.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <chrono>
#include <ctime>

#include "audit/checks/exceptions.h"
#include "audit/checks/library.h"
#include "audit/probes/live/live.h"
#include "audit/probes/system/system.h"

namespace cloister::cli::audit {

namespace checks = cloister::audit::checks;
namespace engine = cloister::audit::engine;
namespace probes = cloister::audit::probes;

namespace {

bool is_unpacked(const RunOptions& options) { return options.root != "/"; }

Result<probes::System, Problems> open_system(const RunOptions& options) {
  auto system = is_unpacked(options) ? probes::System::at(options.root) : probes::live_system();
  if (!system) return fail(Problems{fmt::format("{}: {}", options.root, system.error().code.message())});
  return std::move(*system);
}

// Of an unpacked system, its own.
std::string site_exceptions(const RunOptions& options) {
  const bool is_default = options.exceptions == RunOptions{}.exceptions;
  return is_unpacked(options) && is_default ? options.root + options.exceptions : options.exceptions;
}

}  // namespace

Result<engine::Plan, Problems> load_plan(const RunOptions& options) {
  auto all = checks::load_checks(options.checks);
  if (!all) return fail(all.error().lines);
  auto benchmark = checks::load_benchmark(options.checks + "/benchmark/cis-debian12-1.1.0.yaml");
  if (!benchmark) return fail(benchmark.error().lines);
  auto exceptions =
      checks::load_exceptions(options.checks + "/exceptions.yaml", site_exceptions(options), *all);
  if (!exceptions) return fail(exceptions.error().lines);
  return engine::Plan{.checks = std::move(*all),
                      .benchmark = std::move(*benchmark),
                      .exceptions = std::move(*exceptions),
                      .choice = options.choice,
                      .today = fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr))),
                      .program = "cloister " CLOISTER_VERSION};
}

Result<checks::Framework, Problems> load_framework(const RunOptions& options, const std::string& name) {
  const auto all = checks::load_checks(options.checks);
  if (!all) return fail(all.error().lines);
  auto framework = checks::load_framework(options.checks + "/frameworks/" + name + ".yaml", *all);
  if (!framework) return fail(framework.error().lines);
  return std::move(*framework);
}

Result<engine::Report, Problems> run_audit(const RunOptions& options, Progress progress) {
  const auto plan = load_plan(options);
  if (!plan) return fail(plan.error());
  const auto chosen = engine::choose(*plan);
  if (!chosen) return fail(Problems{chosen.error()});
  const auto system = open_system(options);
  if (!system) return fail(system.error());
  const auto show = [](std::size_t done, std::size_t all) {
    fmt::print(stderr, "\r{} of {} checks{}", done, all, done == all ? "\r\x1b[K" : "");
    std::fflush(stderr);
  };
  return engine::run(
      *plan, *chosen, is_unpacked(options) ? engine::Machine::unpacked : engine::Machine::running,
      engine::looking_at(*system), progress == Progress::shown ? engine::Progress(show) : engine::Progress{});
}

}  // namespace cloister::cli::audit
