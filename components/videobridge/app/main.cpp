#include <CLI/CLI.hpp>
#include <iostream>

#include "base/daemon.h"
#include "base/log.h"
#include "videobridge/app/bridge.h"
#include "videobridge/app/doctor.h"

using namespace cloister;

namespace {

int tell_diagnosis(const videobridge::app::Settings& settings) {
  using namespace videobridge::app;
  const Diagnosis diagnosis = diagnose(settings.media, examine(settings.media));
  for (const std::string& line : diagnosis.lines) std::cout << line << "\n";
  return diagnosis.healthy ? 0 : 1;
}

// A file with a fault changes nothing.
void reload(videobridge::app::Bridge& bridge, const std::string& file) {
  const auto fresh = videobridge::app::load_settings(file);
  if (fresh) return bridge.reload(*fresh);
  for (const std::string& problem : fresh.error().problems) log::error("{}", problem);
  log::error("the settings stay as they were");
}

int run(const videobridge::app::Settings& settings, const std::string& file) {
  daemon::begin("cloister-bridge");
  net::Reactor reactor;
  auto bridge = videobridge::app::Bridge::make(reactor, settings);
  if (!bridge) return daemon::give_up(bridge.error());
  reactor.on_termination([&bridge] { (*bridge)->stop(); });
  reactor.on_hangup([&bridge, &file] { reload(**bridge, file); });
  (*bridge)->start();
  log::info("started");
  reactor.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command_line{"Forwards media between the participants of meetings."};
  daemon::Options options{.settings_file = "/etc/cloister/bridge.yaml"};
  daemon::add_options(command_line, "cloister-bridge " CLOISTER_VERSION, options);
  bool doctor = false;
  command_line.add_flag(
      "--doctor", doctor,
      "Say which addresses participants are told and why, try the ports, and end: 0, or 1 with a fault");
  CLI11_PARSE(command_line, argc, argv);

  const auto settings = videobridge::app::load_settings(options.settings_file);
  if (!settings) return daemon::give_up(settings.error());
  if (options.check_only) return 0;
  return doctor ? tell_diagnosis(*settings) : run(*settings, options.settings_file);
}
