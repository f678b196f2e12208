#include <CLI/CLI.hpp>
#include <iostream>

#include "base/log.h"
#include "videobridge/app/bridge.h"
#include "videobridge/app/doctor.h"

namespace {

constexpr int kConfigurationError = 78;  // EX_CONFIG of sysexits.h
constexpr int kSystemError = 71;         // EX_OSERR

int tell_diagnosis(const cloister::videobridge::app::Settings& settings) {
  using namespace cloister::videobridge::app;
  const Diagnosis diagnosis = diagnose(settings.media, examine(settings.media));
  for (const std::string& line : diagnosis.lines) std::cout << line << "\n";
  return diagnosis.healthy ? 0 : 1;
}

// A file with a fault changes nothing.
void reload(cloister::videobridge::app::Bridge& bridge, const std::string& file) {
  const auto fresh = cloister::videobridge::app::load_settings(file);
  if (fresh) return bridge.reload(*fresh);
  for (const std::string& problem : fresh.error().problems) cloister::log::error("{}", problem);
  cloister::log::error("the settings stay as they were");
}

int run(const cloister::videobridge::app::Settings& settings, const std::string& file) {
  cloister::net::Reactor reactor;
  auto bridge = cloister::videobridge::app::Bridge::make(reactor, settings);
  if (!bridge) {
    cloister::log::error("{}: {}", bridge.error().doing, bridge.error().code.message());
    return kSystemError;
  }
  reactor.on_termination([&bridge] { (*bridge)->stop(); });
  reactor.on_hangup([&bridge, &file] { reload(**bridge, file); });
  (*bridge)->start();
  cloister::log::info("started");
  reactor.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli{"Cloister's video bridge: forwards media between the participants of a conference."};
  std::string file = "/etc/cloister/bridge.yaml";
  bool check_only = false;
  cli.add_option("--config", file, "Settings")->capture_default_str();
  cli.add_flag("--check-config", check_only, "Read the settings, say what is wrong, and end");
  bool doctor = false;
  cli.add_flag(
      "--doctor", doctor,
      "Say which addresses participants are told and why, try the ports, and end: 0, or 1 with a fault");
  cli.set_version_flag("--version", "cloister-bridge " CLOISTER_VERSION);
  CLI11_PARSE(cli, argc, argv);

  const auto settings = cloister::videobridge::app::load_settings(file);
  if (!settings) {
    for (const std::string& problem : settings.error().problems) std::cerr << problem << "\n";
    return kConfigurationError;
  }
  if (check_only) return 0;
  if (doctor) return tell_diagnosis(*settings);
  return run(*settings, file);
}
