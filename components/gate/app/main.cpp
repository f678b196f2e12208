// cloister-gate: who may host a meeting.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "base/daemon.h"
#include "base/log.h"
#include "base/private_file.h"
#include "base/service_manager.h"
#include "gate/app/gate.h"
#include "net/heartbeat.h"

using namespace cloister;

namespace {

int run(const gate::app::Settings& settings) {
  daemon::begin("cloister-gate");
  net::Reactor reactor;
  auto made = gate::app::Gate::make(reactor, settings);
  if (!made) return daemon::give_up(made.error());
  ServiceManager manager;
  reactor.on_termination([&] {
    manager.stopping();
    reactor.stop();
  });
  log::info("cloister-gate " CLOISTER_VERSION " ready");
  manager.ready();
  const net::Heartbeat heartbeat(reactor, manager);
  reactor.run();
  log::info("stopped");
  return 0;
}

// For root's and the gate's eyes: made by root, it is shared with the group that keeps the database.
int make_key(const gate::app::StateSettings& state) {
  if (const auto made = gate::secrets::SealingKey::make(state.key_file); !made)
    return daemon::give_up(made.error());
  if (geteuid() != 0) return 0;
  const std::string folder = std::filesystem::path(state.database).parent_path().string();
  const auto shared = share_with_group_of(folder, state.key_file);
  return shared ? 0 : daemon::give_up(shared.error());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command_line{"Keeps the hosts' accounts, and says who signs in rightly."};
  daemon::Options options{.settings_file = "/etc/cloister/gate.yaml"};
  daemon::add_options(command_line, "cloister-gate " CLOISTER_VERSION, options);
  bool key_only = false;
  command_line.add_flag("--make-key", key_only,
                        "Make the key file that the settings name, which must not exist, and end");
  CLI11_PARSE(command_line, argc, argv);

  const auto settings = gate::app::load_settings(options.settings_file);
  if (!settings) return daemon::give_up(settings.error());
  if (key_only) return make_key(settings->state);
  return options.check_only ? 0 : run(*settings);
}
