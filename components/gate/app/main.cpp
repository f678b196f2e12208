// cloister-gate: who may host a meeting.
#include <pthread.h>
#include <sys/prctl.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "base/log.h"
#include "gate/app/gate.h"
#include "gate/secrets/private_file.h"

namespace {

using namespace cloister;

constexpr int kBadSettings = 78;  // EX_CONFIG

int failed(const SystemError& error) {
  log::error("{}: {}", error.doing, error.code.message());
  return 1;
}

int run(const gate::app::Settings& settings) {
  pthread_setname_np(pthread_self(), "cloister-gate");
  prctl(PR_SET_DUMPABLE, 0);  // passwords pass through: no core, no debugger of the same user
  net::Reactor reactor;
  auto made = gate::app::Gate::make(reactor, settings);
  if (!made) return failed(made.error());
  reactor.on_termination([&reactor] {
    sd_notify(0, "STOPPING=1");
    reactor.stop();
  });
  log::info("cloister-gate " CLOISTER_VERSION " ready");
  sd_notify(0, "READY=1");
  reactor.run();
  log::info("stopped");
  return 0;
}

// For root's and the gate's eyes: made by root, it is shared with the group that keeps the database.
int make_key(const gate::app::StateSettings& state) {
  if (const auto made = gate::secrets::SealingKey::make(state.key_file); !made) return failed(made.error());
  if (geteuid() != 0) return 0;
  const std::string folder = std::filesystem::path(state.database).parent_path().string();
  const auto shared = gate::secrets::share_with_group_of(folder, state.key_file);
  return shared ? 0 : failed(shared.error());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App options{"Keeps the hosts' accounts, and says who signs in rightly."};
  std::string file = "/etc/cloister/gate.yaml";
  bool check_only = false;
  bool key_only = false;
  options.add_option("--config", file, "Settings (YAML)")->capture_default_str();
  options.add_flag("--check-config", check_only, "Read the settings, say what is wrong with them, and end");
  options.add_flag("--make-key", key_only,
                   "Make the key file that the settings name, which must not exist, and end");
  options.set_version_flag("--version", "cloister-gate " CLOISTER_VERSION);
  CLI11_PARSE(options, argc, argv);

  const auto settings = cloister::gate::app::load_settings(file);
  if (!settings) {
    for (const std::string& problem : settings.error().problems)
      std::fprintf(stderr, "%s\n", problem.c_str());
    return kBadSettings;
  }
  if (key_only) return make_key(settings->state);
  return check_only ? 0 : run(*settings);
}
