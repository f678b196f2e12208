// What all daemons have in common: the options of their command line, how they begin, how they end with a
// fault. Main thread.
#pragma once

#include <string>

#include "base/result.h"
#include "base/settings.h"

namespace CLI {
class App;
}

namespace cloister::daemon {

constexpr int kBadSettings = 78;  // EX_CONFIG of sysexits.h
constexpr int kFailed = 1;

struct Options {
  std::string settings_file;  // --config; the default is what it holds before the command line is parsed
  bool check_only = false;    // --check-config
};

// `version`: the daemon's name and version, the answer to --version.
void add_options(CLI::App& command_line, const std::string& version, Options& options);

// The process from here on: named for ps, without core dumps and closed to debuggers of its own user, for its
// memory holds keys, passwords and people's names.
void begin(const char* name);

// Says what is wrong; the status to end with.
int give_up(const SettingsError& error);
int give_up(const SystemError& error);

}  // namespace cloister::daemon
