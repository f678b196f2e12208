#include "cli/host/second_factor.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>

#include "cli/host/console.h"
#include "cli/host/qr_text.h"
#include "gate/secrets/base32.h"
#include "gate/secrets/recovery_code.h"
#include "gate/secrets/totp.h"

namespace cloister::cli::host {

using gate::accounts::AccountError;
using gate::accounts::HostName;
using gate::secrets::Secret;

namespace {

constexpr int kTries = 3;

// Four characters at a time are easier to type.
std::string in_fours(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 4) out += (i == 0 ? "" : " ") + text.substr(i, 4);
  return out;
}

void show(const HostState& state, const HostName& name, const Secret& secret) {
  const Secret uri = gate::secrets::otpauth_uri(state.issuer, name.expose(), secret);
  if (isatty(STDOUT_FILENO) == 1) {
    fmt::print("Scan this with an authenticator app:\n\n{}\n", qr_text(uri).expose());
    fmt::print("Or type the key into it: {}\n",
               in_fours(gate::secrets::base32(gate::secrets::bytes_of(secret))));
  } else {
    fmt::print("{}\n", uri.expose());
  }
  std::fflush(stdout);
}

// The step of a code that the app shows now; nothing when none of a few tries was one.
std::optional<std::uint64_t> ask_proof(const Secret& secret) {
  for (int i = 0; i < kTries; ++i) {
    const auto code = ask_line("The six digits that the app shows now: ", Echo::shown);
    if (!code) return std::nullopt;
    const std::uint64_t now = gate::secrets::totp_step(std::chrono::system_clock::now());
    if (const auto step = gate::secrets::find_totp_step(secret, code->expose(), now, 0)) return step;
    std::fputs("That is not its code. Do the clocks of this machine and of the phone agree?\n", stderr);
  }
  return std::nullopt;
}

void print_codes(const std::vector<Secret>& codes) {
  fmt::print(
      "Recovery codes, for the day the phone is lost. Each works once, in place of the six digits:\n\n");
  for (const Secret& code : codes) fmt::print("  {}\n", code.expose());
  fmt::print("\nThey are shown this once. Keep them where the phone is not.\n");
}

}  // namespace

int turn_second_factor_on(HostState& state, const HostName& name) {
  if (const auto host = state.accounts->find(name); !host) return complain(error_text(host.error(), name));
  const Secret secret = gate::secrets::new_totp_secret();
  show(state, name, secret);
  const auto step = ask_proof(secret);
  if (!step) return complain("The code was not confirmed. Nothing was changed.");
  const auto codes = gate::secrets::new_recovery_codes();
  const auto set = state.accounts->set_second_factor(name, secret, *step, codes);
  if (!set) return complain(error_text(set.error(), name));
  fmt::print("{} now needs a code to sign in.\n\n", name.expose());
  print_codes(codes);
  return 0;
}

int renew_recovery_codes(HostState& state, const HostName& name) {
  const auto codes = gate::secrets::new_recovery_codes();
  const auto set = state.accounts->set_recovery_codes(name, codes);
  if (!set) return complain(error_text(set.error(), name));
  print_codes(codes);
  return 0;
}

std::string error_text(const AccountError& error, const HostName& name) {
  switch (error.kind) {
    case AccountError::Kind::absent:
      return fmt::format("There is no host {}: see cloister host list.", name.expose());
    case AccountError::Kind::exists: return fmt::format("There is a host {} already.", name.expose());
    case AccountError::Kind::no_second_factor:
      return fmt::format("{} has no second factor: cloister host totp {}", name.expose(), name.expose());
    case AccountError::Kind::system:
      return fmt::format("{}: {}.", error.system.doing, error.system.code.message());
  }
  return {};
}

}  // namespace cloister::cli::host
