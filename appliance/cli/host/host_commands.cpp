#include "cli/host/host_commands.h"

#include <fmt/core.h>

#include <boost/json.hpp>
#include <cstdio>

#include "cli/host/console.h"
#include "cli/host/host_state.h"
#include "cli/host/second_factor.h"

namespace cloister::cli::host {

using gate::accounts::HostAccounts;
using gate::accounts::HostName;
using gate::accounts::HostSummary;
using gate::accounts::SecondFactor;
using gate::secrets::Secret;

namespace {

struct Options {
  std::string settings = "/etc/cloister/gate.yaml";
  std::string name;
  bool json = false;
  bool off = false;
  bool yes = false;
};

// What a command does with an opened state and, but for `list`, the host that it is about.
using Work = int (*)(HostState&, const HostName&, const Options&);

std::string fault_text(gate::secrets::PasswordFault fault) {
  using gate::secrets::PasswordFault;
  switch (fault) {
    case PasswordFault::too_short:
      return fmt::format("A password has at least {} characters.", gate::secrets::kLeastPasswordCharacters);
    case PasswordFault::too_long: return "That password is too long: 236 bytes are the most.";
    case PasswordFault::not_text:
      return "That password has characters that sign-in does not know: control characters or emoji.";
    case PasswordFault::like_token: return "That is a sign-in token, not a password.";
  }
  return {};
}

// The verifier of a new password, typed twice at a terminal.
Result<std::string, std::string> ask_new_password(const HostState& state) {
  const auto typed = ask_line("New password: ", Echo::hidden);
  if (!typed)
    return fail(std::string("No password was given: type it, or give it as a line of standard input."));
  const auto password = gate::secrets::spell_new_password(typed->expose());
  if (!password) return fail(fault_text(password.error()));
  if (at_terminal() && ask_line("The same again: ", Echo::hidden) != typed)
    return fail(std::string("The two were not the same. Nothing was changed."));
  auto verifier = gate::secrets::make_verifier(*password, state.password_cost);
  if (!verifier) return fail(fmt::format("{}: {}.", verifier.error().doing, verifier.error().code.message()));
  return std::move(*verifier);
}

int done(const Result<void, gate::accounts::AccountError>& result, const HostName& name, const char* said) {
  if (!result) return complain(error_text(result.error(), name));
  fmt::print("{} {}\n", name.expose(), said);
  return 0;
}

int add(HostState& state, const HostName& name, const Options&) {
  if (state.accounts->find(name)) return complain(fmt::format("There is a host {} already.", name.expose()));
  const auto verifier = ask_new_password(state);
  if (!verifier) return complain(verifier.error());
  return done(state.accounts->add(name, *verifier), name, "may host meetings now.");
}

int change_password(HostState& state, const HostName& name, const Options&) {
  if (const auto host = state.accounts->find(name); !host) return complain(error_text(host.error(), name));
  const auto verifier = ask_new_password(state);
  if (!verifier) return complain(verifier.error());
  return done(state.accounts->set_password(name, *verifier), name,
              "has a new password. Earlier sign-ins ended.");
}

int disable(HostState& state, const HostName& name, const Options&) {
  return done(state.accounts->set_enabled(name, false), name, "cannot sign in any more, until enabled.");
}

int enable(HostState& state, const HostName& name, const Options&) {
  return done(state.accounts->set_enabled(name, true), name, "may sign in again.");
}

int remove(HostState& state, const HostName& name, const Options& options) {
  if (at_terminal() && !options.yes) {
    const auto said =
        ask_line(fmt::format("Remove {} for good? Type the name again: ", name.expose()), Echo::shown);
    if (!said || said->expose() != name.expose()) return complain("Nothing was removed.");
  }
  return done(state.accounts->remove(name), name, "was removed.");
}

int totp(HostState& state, const HostName& name, const Options& options) {
  if (options.off) return done(state.accounts->clear_second_factor(name), name, "needs no code any more.");
  return turn_second_factor_on(state, name);
}

int codes(HostState& state, const HostName& name, const Options&) {
  return renew_recovery_codes(state, name);
}

void print_json(const std::vector<HostSummary>& hosts) {
  boost::json::array out;
  for (const HostSummary& host : hosts)
    out.push_back({
        {"name",           host.name.expose()                    },
        {"enabled",        host.enabled                          },
        {"totp",           host.second_factor == SecondFactor::on},
        {"recovery_codes", host.recovery_codes                   }
    });
  fmt::print("{}\n", boost::json::serialize(out));
}

int list(HostState& state, const HostName&, const Options& options) {
  const auto hosts = state.accounts->list();
  if (!hosts) return complain(error_text(hosts.error(), HostName()));
  if (options.json) {
    print_json(*hosts);
    return 0;
  }
  if (hosts->empty()) fmt::print("There are no hosts yet: cloister host add NAME\n");
  for (const HostSummary& host : *hosts)
    fmt::print("{:<24} {:<9} {}\n", host.name.expose(), host.enabled ? "enabled" : "disabled",
               host.second_factor == SecondFactor::on
                   ? fmt::format("second factor, {} recovery codes left", host.recovery_codes)
                   : "password only");
  return 0;
}

struct Command {
  const char* word;
  const char* help;
  Work work;
};

constexpr Command kAboutOne[] = {
    {"add",      "Let somebody host meetings; the password is asked, or read from standard input", add            },
    {"password", "Change a host's password; it is asked, or read from standard input",             change_password},
    {"totp",     "Ask for a code at sign-in: shows the QR code for an authenticator app",          totp           },
    {"codes",    "Print ten new recovery codes; the old ones end",                                 codes          },
    {"disable",  "Keep a host from signing in; what is open for them ends at the next sign-in",    disable        },
    {"enable",   "Take that back",                                                                 enable         },
    {"remove",   "Remove a host for good",                                                         remove         },
};

int perform(Work work, const Options& options, bool about_one) {
  const auto name = gate::accounts::parse_host_name(options.name);
  if (about_one && !name)
    return complain(
        "A host's name is 1 to 64 of a-z, 0-9, '.', '_' and '-', and begins with a letter or digit.");
  auto state = open_state(options.settings);
  if (!state) return complain(state.error());
  return work(*state, name.value_or(HostName()), options);
}

}  // namespace

void add_commands(CLI::App& cloister, std::function<int()>& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* const host = cloister.add_subcommand("host", "Who may host meetings");
  host->require_subcommand(1);
  host->add_option("--config", options->settings, "Settings of the gate (YAML)")->capture_default_str();
  for (const Command& command : kAboutOne) {
    CLI::App* const sub = host->add_subcommand(command.word, command.help);
    sub->add_option("NAME", options->name, "The name that the host signs in with")->required();
    sub->callback([&chosen, options, work = command.work] {
      chosen = [options, work] { return perform(work, *options, true); };
    });
    if (command.work == totp) sub->add_flag("--off", options->off, "Ask for no code any more");
    if (command.work == remove) sub->add_flag("--yes", options->yes, "Do not ask back");
  }
  CLI::App* const all = host->add_subcommand("list", "Show all hosts");
  all->add_flag("--json", options->json, "As JSON");
  all->callback([&chosen, options] { chosen = [options] { return perform(list, *options, false); }; });
}

}  // namespace cloister::cli::host
