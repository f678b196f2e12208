// systemd's units as they lie on disk, in systemd's own order of folders (systemd.unit(5)), and what little a
// running systemd shows of them in files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

struct UnitFile {
  std::string name;  // without aliases: "ssh.service" for sshd.service
  std::string path;
  bool masked = false;
};

// The file that systemd would use; generated ones are there on a running system only.
std::optional<UnitFile> find_unit(const System& system, const std::string& name);

// "enabled", "enabled-runtime", "generated", "disabled", "static", "masked": as systemctl is-enabled says it.
// An old start script with a link in rc2.d … rc5.d counts as enabled.
std::string enabled_state(const System& system, const UnitFile& unit);
// Of a unit that systemd has no file of: an old start script.
bool has_enabled_script(const System& system, const std::string& name);

// Whether it runs, as far as files tell: services (systemd links the invocation of each that is not inactive
// into /run/systemd/units, and gives its processes a control group) and sockets (somebody listens at one of
// their paths or ports). Nothing is known of timers, paths and targets.
std::optional<bool> is_active(const System& system, const UnitFile& unit);

struct UnitLine {
  std::string section;
  std::string key;
  std::string value;
};
// The unit file and its drop-ins in the order in which they count (also those of its type, "service.d", and
// of its prefixes, "cloister-.service.d"). A line that ends with a backslash goes on in the next one.
std::vector<UnitLine> unit_lines(const System& system, const UnitFile& unit);
std::vector<UnitLine> parse_unit(std::string_view text);

}  // namespace cloister::audit::probes
