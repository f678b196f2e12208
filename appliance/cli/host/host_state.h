// Opens the hosts' accounts for the command line.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "gate/accounts/host_accounts.h"
#include "gate/app/settings.h"

namespace cloister::cli::host {

struct HostState {
  std::unique_ptr<gate::accounts::HostAccounts> accounts;
  gate::secrets::HashCost password_cost;
  std::string issuer;
};

// Reads the gate's settings; started by root, becomes the user that owns the database's folder, for good, so
// that every file stays the gate's. Fails with a sentence for the operator.
Result<HostState, std::string> open_state(const std::string& settings_file);

}  // namespace cloister::cli::host
