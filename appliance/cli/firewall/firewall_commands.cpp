#include "cli/firewall/firewall_commands.h"

#include <fmt/core.h>

#include <iostream>
#include <memory>
#include <span>

#include "cli/firewall/report.h"
#include "firewall/nft/kernel.h"
#include "firewall/policy/wanted.h"
#include "firewall/protocol/client.h"

namespace cloister::cli::firewall {
namespace {

namespace nft = cloister::firewall::nft;
using Addresses = std::vector<Personal<SocketAddress>>;

struct Options {
  std::string settings = "/etc/cloister/firewall.yaml";
  std::string socket = protocol::kSocket;
  bool json = false;
  std::uint64_t seconds = 3600;
  std::vector<std::string> addresses;

  Format format() const { return json ? Format::json : Format::text; }
};

int complain(const std::string& what) {
  std::cerr << "cloister: " << what << '\n';
  return 1;
}

std::string sentence(const SystemError& error) {
  const bool denied = error.code == std::errc::operation_not_permitted;
  return fmt::format("{}: {}.{}", error.doing, error.code.message(), denied ? " Run this as root." : "");
}

Result<nft::Running, SystemError> read_kernel() {
  const auto kernel = nft::NetlinkKernel::make();
  if (!kernel) return fail(kernel.error());
  return (*kernel)->read();
}

int show(const Options& options) {
  const auto running = read_kernel();
  if (!running) return complain(sentence(running.error()));
  report_rules(std::cout, options.format(), running->rules);
  return 0;
}

int plan(const Options& options) {
  const auto wanted = policy::load_settings(options.settings);
  if (!wanted) {
    for (const std::string& problem : wanted.error().problems) complain(problem);
    return 1;
  }
  const auto running = read_kernel();
  if (!running) return complain(sentence(running.error()));
  const auto differences = policy::plan(running->rules, policy::wanted_rules(*wanted));
  report_plan(std::cout, options.format(), differences);
  return differences.empty() ? 0 : kDiffers;
}

// The guard's answer when it did what was asked, else the reason why not.
Result<protocol::Answer, std::string> ask(const Options& options, const protocol::Request& request) {
  auto answer = protocol::ask(options.socket, request);
  if (answer && answer->outcome == protocol::Outcome::done) return std::move(*answer);
  if (answer) return fail(in_words(*answer));
  const auto& code = answer.error().code;
  if (code == std::errc::no_such_file_or_directory || code == std::errc::connection_refused)
    return fail(std::string("no guard is running (systemctl status cloister-guard)"));
  if (code == std::errc::connection_reset) return fail(std::string("the guard does not listen to this user"));
  return fail(sentence(answer.error()));
}
Result<protocol::Answer, std::string> ask(const Options& options, protocol::Kind kind) {
  return ask(options, {.kind = kind, .time = {}, .addresses = {}});
}

int status(const Options& options) {
  const auto answer = ask(options, protocol::Kind::status);
  if (!answer) return complain(answer.error());
  report_status(std::cout, options.format(), answer->status);
  return answer->status.in_force ? 0 : 1;
}

int apply(const Options& options) {
  const auto answer = ask(options, protocol::Kind::apply);
  if (!answer) return complain(answer.error());
  std::cout << fmt::format(
      "The new rules are in force. Open a new connection to this machine; when that works, within {} s:\n"
      "  cloister firewall confirm\nElse the earlier rules come back.\n",
      answer->status.seconds_to_confirm);
  return 0;
}

int confirm(const Options& options) {
  const auto answer = ask(options, protocol::Kind::confirm);
  if (!answer) return complain(answer.error());
  std::cout << "Confirmed: the new rules stay.\n";
  return 0;
}

int reload(const Options& options) {
  const auto answer = ask(options, protocol::Kind::reload);
  if (!answer) return complain(answer.error());
  std::cout << "The new rules are in force.\n";
  return 0;
}

// Of the command line, or line by line from the standard input when that is "-": there no other user sees
// them.
Result<Addresses, std::string> read_addresses(std::vector<std::string> words) {
  if (words == std::vector<std::string>{"-"}) {
    words.clear();
    for (std::string line; std::getline(std::cin, line);)
      if (!line.empty()) words.push_back(std::move(line));
  }
  Addresses out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto address = SocketAddress::parse(words[i], 0);
    if (!address)
      return fail(fmt::format("address {} of {} is no IP address: nothing is done", i + 1, words.size()));
    out.emplace_back(*address);
  }
  return out;
}

int change_bans(const Options& options, protocol::Kind kind) {
  const auto all = read_addresses(options.addresses);
  if (!all) return complain(all.error());
  std::span<const Personal<SocketAddress>> left(*all);
  while (!left.empty()) {
    const auto some = left.first(std::min(left.size(), protocol::kMostAddresses));
    left = left.subspan(some.size());
    const auto answer = ask(options, {.kind = kind,
                                      .time = std::chrono::seconds(options.seconds),
                                      .addresses = Addresses(some.begin(), some.end())});
    if (!answer) return complain(answer.error());
  }
  std::cout << fmt::format("{}: {}\n", kind == protocol::Kind::ban ? "Banned" : "No longer banned",
                           all->size());
  return 0;
}
int ban(const Options& options) { return change_bans(options, protocol::Kind::ban); }
int unban(const Options& options) { return change_bans(options, protocol::Kind::unban); }

void add_duration(CLI::App& command, std::uint64_t& seconds) {
  const std::map<std::string, std::uint64_t> units{
      {"s", 1    },
      {"m", 60   },
      {"h", 3600 },
      {"d", 86400}
  };
  command.add_option("--for", seconds, "How long: 90s, 15m, 1h, 1d")
      ->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::UNIT_OPTIONAL, "TIME"))
      ->default_str("1h");
}

}  // namespace

void add_commands(CLI::App& cloister, std::function<int()>& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* group = cloister.add_subcommand("firewall", "What the server lets through, and whom it bans");
  group->require_subcommand(1);
  group->add_option("--socket", options->socket, "Where the guard takes requests")->capture_default_str();
  const auto add = [&](const char* name, const char* what, int (*run)(const Options&)) {
    CLI::App* command = group->add_subcommand(name, what);
    command->callback([&chosen, options, run] { chosen = [options, run] { return run(*options); }; });
    return command;
  };
  CLI::App* shows = add("show", "The rules that the kernel holds, in words", show);
  CLI::App* plans =
      add("plan", "What differs between the kernel's rules and the settings (status 3: something)", plan);
  CLI::App* totals = add("status", "Totals: rules, bans, restorations", status);
  for (CLI::App* command : {shows, plans, totals}) command->add_flag("--json", options->json, "For programs");
  plans->add_option("--config", options->settings, "Settings (YAML)")->capture_default_str();

  add("apply", "Sets the settings file's rules; unconfirmed they are taken back", apply);
  add("confirm", "Keeps what was applied", confirm);
  add("reload", "Sets the settings file's rules for good, without a way back", reload);
  CLI::App* bans = add("ban", "Drops all that these sources send", ban);
  CLI::App* unbans = add("unban", "Ends bans", unban);
  for (CLI::App* command : {bans, unbans}) {
    command
        ->add_option("address", options->addresses,
                     "IP addresses (IPv6: its /64), or - to read them, one a line")
        ->required();
  }
  add_duration(*bans, options->seconds);
}

}  // namespace cloister::cli::firewall
