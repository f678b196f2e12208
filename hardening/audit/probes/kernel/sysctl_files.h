// What systemd-sysctl sets at the start (sysctl.d(5)), and after it ufw, where that runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

struct SysctlLine {
  std::string key;    // parts by slashes: "net/ipv4/conf/*/rp_filter"
  std::string value;  // without `-`; empty for a key that patterns leave alone
  bool has_value = true;
};

std::vector<SysctlLine> parse_sysctl(std::string_view text);

// "net.ipv4.ip_forward" → "net/ipv4/ip_forward"; the first separator decides, so "net/ipv4/conf/eth0.1/…"
// stays.
std::string sysctl_path(std::string_view key);

// A line that names the key counts before one whose pattern covers it; of each kind the last one.
std::optional<std::string> configured_value(const std::vector<SysctlLine>& lines, const std::string& path);

// All lines in the order in which they are applied. Read once per run.
const std::vector<SysctlLine>& sysctl_lines(const System& system);

}  // namespace cloister::audit::probes
