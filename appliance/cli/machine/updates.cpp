#include "cli/machine/updates.h"

#include <fmt/core.h>

#include <filesystem>

#include "cli/machine/program.h"

namespace cloister::cli::machine {

// "Inst libssl3 [3.0.1] (3.0.2 Debian-Security:12/stable-security [amd64])"; a new package has no version in
// brackets before the parenthesis.
Updates parse_updates(std::string_view simulation) {
  Updates out;
  while (!simulation.empty()) {
    const std::string_view line = simulation.substr(0, simulation.find('\n'));
    simulation.remove_prefix(std::min(simulation.size(), line.size() + 1));
    if (!line.starts_with("Inst ")) continue;
    const std::string_view rest = line.substr(5);
    const std::size_t end = rest.find(' ');
    if (end == std::string_view::npos || !rest.substr(end).starts_with(" [")) continue;
    out.packages.emplace_back(rest.substr(0, end));
    if (rest.find("-security") != std::string_view::npos) ++out.security;
  }
  return out;
}

Result<Updates, std::string> pending_updates() {
  const auto ended =
      run_program({"apt-get", "--simulate", "--quiet", "-o", "Debug::NoLocking=1", "dist-upgrade"},
                  std::chrono::seconds(30));
  if (!ended) return fail(fmt::format("apt-get cannot be asked: {}", ended.error().code.message()));
  if (ended->status != 0) return fail(fmt::format("apt-get ended with {}", ended->status));
  return parse_updates(ended->output);
}

bool restart_needed() { return std::filesystem::exists("/run/reboot-required"); }

}  // namespace cloister::cli::machine
