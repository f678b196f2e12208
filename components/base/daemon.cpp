#include "base/daemon.h"

#include <pthread.h>
#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/log.h"

namespace cloister::daemon {

void add_options(CLI::App& command_line, const std::string& version, Options& options) {
  command_line.add_option("--config", options.settings_file, "Settings (YAML)")->capture_default_str();
  command_line.add_flag("--check-config", options.check_only,
                        "Read the settings, say what is wrong with them, and end");
  command_line.set_version_flag("--version", version);
}

void begin(const char* name) {
  pthread_setname_np(pthread_self(), name);
  prctl(PR_SET_DUMPABLE, 0);
}

int give_up(const SettingsError& error) {
  for (const std::string& problem : error.problems) std::fprintf(stderr, "%s\n", problem.c_str());
  return kBadSettings;
}

int give_up(const SystemError& error) {
  log::error("{}: {}", error.doing, error.code.message());
  return kFailed;
}

}  // namespace cloister::daemon
