#include "cli/doctor/doctor_commands.h"

#include <unistd.h>

#include <charconv>
#include <iostream>
#include <memory>

#include "cli/doctor/checks.h"
#include "cli/doctor/report.h"
#include "cli/host/console.h"
#include "net/local_addresses.h"

namespace cloister::cli::doctor {
namespace {

struct Options {
  std::string settings = machine::kInstallationFile;
  bool json = false;
  std::vector<std::string> peers;
  std::string outside;  // "host[:port]"
  std::string host;     // whose account opens a meeting
};

struct Check {
  const char* what;  // for the progress
  Findings (*run)(const Patient&);
};

constexpr Check kInside[] = {
    {"services",              check_services   },
    {"names",                 check_names      },
    {"ports",                 check_ports      },
    {"certificate",           check_certificate},
    {"page",                  check_page       },
    {"WebSockets",            check_web_sockets},
    {"addresses for media",   check_media      },
    {"relay",                 check_relay      },
    {"firewall",              check_firewall   },
    {"clock, space, updates", check_machine    },
    {"a call of two",         check_call       },
};
constexpr Check kOutside[] = {
    {"names",       check_names      },
    {"certificate", check_certificate},
    {"page",        check_page       },
    {"WebSockets",  check_web_sockets},
    {"relay",       check_relay      },
};

Result<Patient, SettingsError> here(const Options& options) {
  auto installation = machine::load_installation(options.settings);
  if (!installation) return fail(installation.error());
  Patient out{.installation = std::move(*installation)};
  // A trial is a server for its own machine alone.
  const auto loopback = out.host() == "localhost" ? net::IncludeLoopback::yes : net::IncludeLoopback::no;
  out.own = net::usable_local_addresses(loopback);
  const auto bridge = videobridge::app::load_settings(out.installation.files.bridge);
  if (bridge) {
    out.media = bridge->media;
    out.bridge_http = bridge->http.port;
    out.channel_url = bridge->web_socket_url;
  } else {
    out.media = fail(bridge.error().problems.front());
  }
  return out;
}

Result<Patient, SettingsError> elsewhere(const std::string& authority) {
  Patient out{.outside = true};
  machine::PublicSettings& open = out.installation.open;
  const std::size_t colon = authority.rfind(':');
  open.host = authority.substr(0, colon);
  if (colon != std::string::npos) {
    const char* const end = authority.data() + authority.size();
    const auto [rest, error] = std::from_chars(authority.data() + colon + 1, end, open.port);
    if (error != std::errc() || rest != end || open.port == 0)
      return fail(SettingsError{{"--outside: " + authority + " is not HOST or HOST:PORT"}});
  }
  return out;
}

int run(const Options& options) {
  auto patient = options.outside.empty() ? here(options) : elsewhere(options.outside);
  if (!patient) {
    for (const std::string& problem : patient.error().problems) std::cerr << "cloister: " << problem << '\n';
    return 2;
  }
  if (!options.host.empty()) {
    auto password = host::ask_line(
        "Password of " + options.host + " (a code behind it, if one is asked for): ", host::Echo::hidden);
    patient->host_account = HostAccount{options.host, password ? *password : Personal<std::string>()};
  }
  Report report(std::cout, options.json ? Report::Format::json : Report::Format::text,
                isatty(STDERR_FILENO) == 1 ? &std::cerr : nullptr);
  const std::span<const Check> checks = patient->outside ? std::span<const Check>(kOutside) : kInside;
  for (const Check& check : checks) {
    report.begin(check.what);
    report.add(check.run(*patient));
  }
  for (const std::string& peer : options.peers) {
    report.begin("the way in, from " + peer);
    report.add(check_from(peer, *patient));
  }
  return report.finish();
}

}  // namespace

void add_commands(CLI::App& cloister, std::function<int()>& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command = cloister.add_subcommand(
      "doctor", "Looks for what is wrong and says what to do (status 0: all well, 1: warnings, 2: errors)");
  CLI::Option* const settings =
      command->add_option("--config", options->settings, "What the command knows of the installation (YAML)")
          ->capture_default_str();
  command->add_flag("--json", options->json, "For programs");
  CLI::Option* const peers =
      command->add_option("--peer", options->peers,
                          "Look from there, too: [USER@]HOST of a machine with this command, reached by ssh");
  CLI::Option* const host = command->add_option(
      "--host", options->host,
      "Try a call of two, opened by this host; the password is asked for, or read from standard input");
  command
      ->add_option("--outside", options->outside, "Look at another server, as strangers see it: HOST[:PORT]")
      ->excludes(settings)
      ->excludes(host)
      ->excludes(peers);
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace cloister::cli::doctor
