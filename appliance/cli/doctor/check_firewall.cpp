#include <fmt/core.h>

#include <filesystem>

#include "cli/doctor/checks.h"
#include "firewall/nft/kernel.h"
#include "firewall/policy/plan.h"
#include "firewall/policy/wanted.h"

namespace cloister::cli::doctor {

Findings check_firewall(const Patient& patient) {
  namespace nft = firewall::nft;
  namespace policy = firewall::policy;
  const std::string& file = patient.installation.files.firewall;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return {note(fmt::format("The firewall was not looked at: there is no {}.", file))};
  const auto wanted = policy::load_settings(file);
  if (!wanted)
    return {error("The firewall's settings are wrong: " + wanted.error().problems.front(),
                  "Correct them, then: cloister firewall plan, apply, confirm.")};
  const auto kernel = nft::NetlinkKernel::make();
  const auto running = kernel ? (*kernel)->read() : Result<nft::Running, SystemError>(fail(kernel.error()));
  if (!running)
    return {warning(fmt::format("The kernel's rules cannot be read: {}.", running.error().code.message()),
                    "Run this as root.")};
  const auto differences = policy::plan(running->rules, policy::wanted_rules(*wanted));
  if (differences.empty()) return {ok("The firewall's rules are those of its settings.")};
  if (!running->rules)
    return {error("The firewall has no rules: everything on this machine can be reached.",
                  "systemctl restart cloister-guard; journalctl -u cloister-guard says why it ended.")};
  return {
      error(fmt::format("The firewall differs from its settings in {} places.", differences.size()),
            "cloister firewall plan shows them; cloister firewall apply, then confirm, sets them right.")};
}

}  // namespace cloister::cli::doctor
