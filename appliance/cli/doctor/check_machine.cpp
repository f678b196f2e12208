#include <fmt/core.h>
#include <sys/timex.h>

#include "cli/doctor/checks.h"
#include "cli/machine/space.h"
#include "cli/machine/units.h"
#include "cli/machine/updates.h"

namespace cloister::cli::doctor {
namespace {

constexpr std::uint64_t kLittleDisk = 1'000'000'000;  // bytes
constexpr std::uint64_t kNoDisk = 200'000'000;
constexpr std::uint64_t kLittleMemory = 200'000'000;

// The kernel knows whether somebody (timesyncd, chrony …) keeps its clock right.
Finding look_at_clock() {
  timex state{};
  if (adjtimex(&state) == TIME_ERROR || (state.status & STA_UNSYNC) != 0)
    return warning(
        "The clock is not kept right: codes of hosts and certificates depend on it.",
        "timedatectl set-ntp true; timedatectl timesync-status says whether a time server answers (the "
        "firewall must let 123/udp out).");
  return ok("The clock is kept right.");
}

Finding look_at_disk() {
  const auto disk = machine::disk_space("/");
  if (!disk)
    return warning("The disk cannot be looked at: " + disk.error().code.message() + ".", "Run this as root.");
  const std::string what = fmt::format("The disk has {} free.", machine::size_text(disk->free));
  const std::string remedy =
      "apt-get clean; journalctl --vacuum-size=50M; du -xh / | sort -h | tail shows the rest.";
  if (disk->free < kNoDisk) return error(what, remedy);
  if (disk->free < kLittleDisk) return warning(what, remedy);
  return ok(what);
}

Finding look_at_memory() {
  const auto memory = machine::memory();
  if (!memory) return warning("Memory cannot be looked at.", "Is /proc mounted?");
  const std::string what = fmt::format("Of {} memory, {} are free.", machine::size_text(memory->total),
                                       machine::size_text(memory->free));
  if (memory->free < kLittleMemory)
    return warning(what, "Give the machine more memory, or end what else runs on it.");
  return ok(what);
}

Findings look_at_updates() {
  Findings out;
  const auto updates = machine::pending_updates();
  if (!updates) {
    out.push_back(
        warning("Updates are unknown: " + updates.error() + ".", "apt-get update; dpkg --configure -a."));
  } else if (updates->security != 0) {
    out.push_back(warning(fmt::format("{} security updates are not installed yet.", updates->security),
                          "They come by themselves in the maintenance window; now: unattended-upgrade."));
  } else {
    out.push_back(ok(fmt::format("No security update is pending ({} others).", updates->packages.size())));
  }
  if (machine::restart_needed())
    out.push_back(warning("The machine waits for a restart, to bring updates into force.",
                          "When nobody is in a meeting (cloister status): systemctl reboot."));
  return out;
}

Finding judge(const std::string& service, const Result<machine::UnitState, SystemError>& state) {
  const std::string remedy = fmt::format("journalctl -u {0} says why; then systemctl restart {0}.", service);
  if (!state)
    return warning(fmt::format("{} is unknown: {}.", service, state.error().code.message()), remedy);
  if (state->load == "not-found")
    return error(fmt::format("{} is not installed.", service), "Run the playbook again.");
  if (state->active != "active")
    return error(fmt::format("{} does not run ({}).", service, state->active), remedy);
  if (state->restarts > 3)
    return warning(fmt::format("{} was restarted {} times.", service, state->restarts), remedy);
  return ok(service);
}

}  // namespace

Findings check_services(const Patient& patient) {
  const auto& services = patient.installation.services;
  if (services.empty()) return {};
  const auto units = machine::Units::connect();
  if (!units)
    return {warning(
        fmt::format("The services are unknown: {}: {}.", units.error().doing, units.error().code.message()),
        "Run this as root, on the machine itself.")};
  Findings out;
  std::string running;
  for (const std::string& service : services) {
    const Finding one = judge(service, units->state(service));
    if (one.verdict != Verdict::ok)
      out.push_back(one);
    else
      running += (running.empty() ? "" : ", ") + service;
  }
  if (!running.empty()) out.push_back(ok("These run: " + running + "."));
  return out;
}

Findings check_machine(const Patient&) {
  Findings out{look_at_clock(), look_at_disk(), look_at_memory()};
  for (Finding& one : look_at_updates()) out.push_back(std::move(one));
  return out;
}

}  // namespace cloister::cli::doctor
