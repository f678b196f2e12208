// The second factor at the command line: its QR code, the proof that the app has it, recovery codes.
#pragma once

#include <string>

#include "cli/host/host_state.h"

namespace cloister::cli::host {

// Shows a new secret, waits for a code of it, turns it on and prints ten recovery codes. Exit status.
int turn_second_factor_on(HostState& state, const gate::accounts::HostName& name);
int renew_recovery_codes(HostState& state, const gate::accounts::HostName& name);

// A sentence for the operator.
std::string error_text(const gate::accounts::AccountError& error, const gate::accounts::HostName& name);

}  // namespace cloister::cli::host
