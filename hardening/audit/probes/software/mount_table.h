// What is mounted, and what will be: the kernel's table, fstab(5), mount units.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

struct Mount {
  std::string point;
  std::string options;  // "rw,nosuid,nodev"
};

// /proc/self/mountinfo: of each point the mount that is on top. Options of the mount and of its filesystem.
std::vector<Mount> parse_mountinfo(std::string_view text);
std::vector<Mount> parse_fstab(std::string_view text);
// systemd.mount(5): "/var/log" → "var-log.mount"
std::string mount_unit_name(std::string_view point);

const Mount* find_mount(const std::vector<Mount>& mounts, std::string_view point);

// What will be mounted there at the next start: by fstab, by a unit that is enabled or wanted by its vendor,
// or by systemd itself. Absent when nothing will.
std::optional<Mount> configured_mount(const System& system, const std::string& point);

}  // namespace cloister::audit::probes
