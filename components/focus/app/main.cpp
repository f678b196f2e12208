// cloister-focus: who is in which meeting, and on which bridge.
#include <CLI/CLI.hpp>

#include "base/daemon.h"
#include "base/log.h"
#include "base/service_manager.h"
#include "focus/app/focus.h"
#include "net/heartbeat.h"

using namespace cloister;

namespace {

int run(const focus::app::Settings& settings) {
  daemon::begin("cloister-focus");
  net::Reactor reactor;
  ServiceManager manager;
  auto made = focus::app::Focus::make(reactor, settings, [&manager] {
    log::info("ready");
    manager.ready();
  });
  if (!made) return daemon::give_up(made.error());
  const std::unique_ptr<focus::app::Focus> focus = std::move(*made);
  reactor.on_termination([&] {
    manager.stopping();
    focus->stop([&reactor] { reactor.stop(); });
  });
  log::info("cloister-focus " CLOISTER_VERSION " starts");
  const net::Heartbeat heartbeat(reactor, manager);
  focus->start();
  reactor.run();
  log::info("stopped");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command_line{"Arranges meetings: opens rooms, invites participants, places them on bridges."};
  daemon::Options options{.settings_file = "/etc/cloister/focus.yaml"};
  daemon::add_options(command_line, "cloister-focus " CLOISTER_VERSION, options);
  CLI11_PARSE(command_line, argc, argv);

  const auto settings = focus::app::load_settings(options.settings_file);
  if (!settings) return daemon::give_up(settings.error());
  return options.check_only ? 0 : run(*settings);
}
