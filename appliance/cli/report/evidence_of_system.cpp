// Evidence in the operating system, and in what keeps accounts and the firewall.
#include <fmt/core.h>

#include <map>

#include "cli/doctor/checks.h"
#include "cli/report/config_text.h"
#include "cli/report/evidence.h"
#include "firewall/policy/settings.h"

namespace cloister::cli::report {
namespace {

using audit::probes::Follow;
constexpr unsigned kOthers = 0007;  // permissions

Evidence unreadable(const audit::probes::FileError& error) {
  return unknown(fmt::format("{} cannot be read: {}", error.path, error.code.message()));
}

// A setting of systemd's: the main file, then the drop-ins by their names; one in /etc hides one of the same
// name in /usr/lib (systemd.unit(5), journald.conf(5)). The last one counts.
std::pair<std::string, std::string> setting(const Subject& subject, const std::vector<std::string>& mains,
                                            const std::vector<std::string>& folders, std::string_view name) {
  std::pair<std::string, std::string> out;
  const auto look = [&](const std::string& file) {
    const auto text = subject.system.read_file(file);
    if (!text) return false;
    if (const std::string value = last_value(*text, name); !value.empty()) out = {file, value};
    return true;
  };
  for (const std::string& main : mains)
    if (look(main)) break;
  std::map<std::string, std::string> by_name;
  for (const std::string& folder : folders)  // later ones are stronger
    if (const auto names = subject.system.list(folder))
      for (const std::string& one : *names)
        if (one.ends_with(".conf")) by_name[one] = folder + "/" + one;
  for (const auto& [file, path] : by_name) look(path);
  return out;
}

std::pair<std::string, std::string> unit_setting(const Subject& subject, const std::string& unit,
                                                 std::string_view name) {
  const std::string file = unit + ".service";
  return setting(
      subject,
      {"/etc/systemd/system/" + file, "/usr/lib/systemd/system/" + file, "/lib/systemd/system/" + file},
      {"/usr/lib/systemd/system/" + file + ".d", "/lib/systemd/system/" + file + ".d",
       "/etc/systemd/system/" + file + ".d"},
      name);
}

Evidence closed_to_others(const Subject& subject, const std::string& file) {
  const auto about = subject.system.stat(file, Follow::yes);
  if (!about) return unreadable(about.error());
  if ((about->mode & kOthers) != 0)
    return contradicted(
        fmt::format("{} is open to every user of the machine (mode {})", file, about->mode_text()));
  return holds(fmt::format("{}: mode {}", file, about->mode_text()));
}

}  // namespace

Evidence journal_is_volatile(const Subject& subject) {
  const auto [file, value] = setting(
      subject, {"/etc/systemd/journald.conf"},
      {"/usr/lib/systemd/journald.conf.d", "/run/systemd/journald.conf.d", "/etc/systemd/journald.conf.d"},
      "Storage");
  if (value == "volatile" || value == "none") return holds(fmt::format("{}: Storage={}", file, value));
  if (!value.empty()) return contradicted(fmt::format("{}: Storage={}", file, value));
  return contradicted("no file of journald's sets Storage: it keeps its journal on the disk");
}

Evidence memory_reaches_no_disk(const Subject& subject) {
  const auto swaps = subject.system.read_file("/proc/swaps");
  if (!swaps) return unreadable(swaps.error());
  const std::size_t header = swaps->find('\n');
  const std::string_view rest =
      header == std::string_view::npos ? std::string_view() : swaps->substr(header + 1);
  if (!rest.empty())
    return contradicted(fmt::format("/proc/swaps: {}", rest.substr(0, rest.find_first_of(" \t"))));
  return holds("/proc/swaps is empty");
}

Evidence crashes_leave_nothing(const Subject& subject) {
  for (const std::string& service : subject.installation.services) {
    const auto [file, value] = unit_setting(subject, service, "LimitCORE");
    if (value != "0")
      return contradicted(value.empty() ? fmt::format("{}.service does not set LimitCORE=0", service)
                                        : fmt::format("{}: LimitCORE={}", file, value));
  }
  if (subject.installation.services.empty()) return unknown("no services are named in cloister.yaml");
  return holds(fmt::format("LimitCORE=0 in the units of {} services", subject.installation.services.size()));
}

Evidence accounts_are_sealed(const Subject& subject) {
  const auto settings = subject.system.read_file(subject.installation.files.gate);
  if (!settings) return unreadable(settings.error());
  std::string key = "/etc/cloister/gate.key";
  for (std::size_t at = settings->find("key_file:"); at != std::string_view::npos;
       at = settings->find("key_file:", at + 1)) {
    if (at != 0 && (*settings)[at - 1] != ' ') continue;  // of another key: callers_key_file
    const std::string_view rest = settings->substr(at + 9);
    const std::size_t begin = rest.find_first_not_of(' ');
    key = std::string(rest.substr(begin, rest.find('\n') - begin));
    break;
  }
  const Evidence sealed = closed_to_others(subject, key);
  if (sealed.verdict != Evidence::Verdict::holds) return sealed;
  for (const std::string& database : subject.installation.backup.databases) {
    const Evidence kept = closed_to_others(subject, database);
    if (kept.verdict != Evidence::Verdict::holds) return kept;
  }
  return sealed;
}

Evidence bans_end(const Subject& subject) {
  const std::string& file = subject.installation.files.firewall;
  if (!subject.system.exists(file)) return unknown(file + " is not there");
  const auto settings = firewall::policy::load_settings(file);
  if (!settings) return unknown(settings.error().problems.front());
  const auto hours = std::chrono::ceil<std::chrono::hours>(settings->bans.longest).count();
  if (hours > 24) return contradicted(fmt::format("{}: a ban may last {} hours", file, hours));
  return holds(fmt::format("{}: a ban lasts {} hours at most", file, hours));
}

Evidence firewall_is_closed(const Subject& subject) {
  const auto found = doctor::check_firewall({.installation = subject.installation});
  const doctor::Finding& first = found.front();
  if (first.verdict == doctor::Verdict::ok) return holds(first.what);
  if (first.verdict == doctor::Verdict::error) return contradicted(first.what);
  return unknown(first.what);
}

Evidence updates_come_by_themselves(const Subject& subject) {
  std::string value;
  for (const std::string& file : subject.system.glob("/etc/apt/apt.conf.d/*"))
    if (const auto text = subject.system.read_file(file); text) {
      const std::string_view key = "APT::Periodic::Unattended-Upgrade \"";
      if (const std::size_t at = text->find(key); at != std::string_view::npos)
        value = text->substr(at + key.size(), text->find('"', at + key.size()) - at - key.size());
    }
  if (value.empty() || value == "0")
    return contradicted("no file in /etc/apt/apt.conf.d switches APT::Periodic::Unattended-Upgrade on");
  return holds(fmt::format("/etc/apt/apt.conf.d: APT::Periodic::Unattended-Upgrade \"{}\"", value));
}

}  // namespace cloister::cli::report
