// cloister-focus: who is in which meeting, and on which bridge.
#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>

#include "base/daemon.h"
#include "base/log.h"
#include "focus/app/focus.h"

using namespace cloister;

namespace {

int run(const focus::app::Settings& settings) {
  daemon::begin("cloister-focus");
  net::Reactor reactor;
  auto made = focus::app::Focus::make(reactor, settings, [] {
    log::info("ready");
    sd_notify(0, "READY=1");
  });
  if (!made) return daemon::give_up(made.error());
  const std::unique_ptr<focus::app::Focus> focus = std::move(*made);
  reactor.on_termination([&] {
    sd_notify(0, "STOPPING=1");
    focus->stop([&reactor] { reactor.stop(); });
  });
  log::info("cloister-focus " CLOISTER_VERSION " starts");
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
