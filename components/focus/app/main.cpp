// cloister-focus: who is in which meeting, and on which bridge.
#include <pthread.h>
#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/log.h"
#include "focus/app/focus.h"

namespace {

using namespace cloister;

constexpr int kBadSettings = 78;  // EX_CONFIG

int run(const focus::app::Settings& settings) {
  pthread_setname_np(pthread_self(), "cloister-focus");
  net::Reactor reactor;
  auto made = focus::app::Focus::make(reactor, settings, [] {
    log::info("ready");
    sd_notify(0, "READY=1");
  });
  if (!made) {
    log::error("{}: {}", made.error().doing, made.error().code.message());
    return 1;
  }
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
  CLI::App options{"Arranges meetings: opens rooms, invites participants, places them on bridges."};
  std::string file = "/etc/cloister/focus.yaml";
  bool check_only = false;
  options.add_option("--config", file, "Settings (YAML)")->capture_default_str();
  options.add_flag("--check-config", check_only, "Read the settings, say what is wrong with them, and end");
  options.set_version_flag("--version", "cloister-focus " CLOISTER_VERSION);
  CLI11_PARSE(options, argc, argv);

  const auto settings = cloister::focus::app::load_settings(file);
  if (!settings) {
    for (const std::string& problem : settings.error().problems)
      std::fprintf(stderr, "%s\n", problem.c_str());
    return kBadSettings;
  }
  return check_only ? 0 : run(*settings);
}
