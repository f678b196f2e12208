#include <algorithm>
#include <array>

#include "audit/probes/kernel/probes.h"
#include "audit/probes/kernel/sysctl_files.h"
#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

// How the kernel makes one value of net.*.conf.all and of the interface's own
// (Documentation/networking/ip-sysctl, include/linux/inetdevice.h): IN_DEV_MAXCONF, ORCONF, ANDCONF. IPv6
// looks at the interface alone.
enum class Combined : std::uint8_t { highest, either, both, own };

struct Combination {
  std::string_view family;
  std::string_view name;
  Combined how;
};

constexpr std::array kCombinations{
    Combination{"ipv4", "rp_filter",           Combined::highest},
    Combination{"ipv4", "accept_source_route", Combined::both   },
    Combination{"ipv4", "accept_redirects",    Combined::either }, // of a host; a router wants both
    Combination{"ipv4", "secure_redirects",    Combined::either },
    Combination{"ipv4", "send_redirects",      Combined::either },
    Combination{"ipv4", "log_martians",        Combined::either },
    Combination{"ipv6", "accept_redirects",    Combined::own    },
    Combination{"ipv6", "accept_source_route", Combined::own    },
    Combination{"ipv6", "accept_ra",           Combined::own    },
};

std::optional<std::string> running_value(const System& system, const std::string& path) {
  const auto text = system.read_file("/proc/sys/" + path);
  if (!text) return std::nullopt;
  std::string value;
  for (const std::string_view word : words_of(*text, " \t\n"))
    value += (value.empty() ? "" : " ") + std::string(word);
  return value;
}

std::string combined(Combined how, const std::string& all, const std::string& own) {
  const auto a = number(all);
  const auto b = number(own);
  if (!a || !b || how == Combined::own) return own;
  switch (how) {
    case Combined::highest: return std::to_string(std::max(*a, *b));
    case Combined::either: return *a != 0 || *b != 0 ? "1" : "0";
    case Combined::both: return *a != 0 && *b != 0 ? "1" : "0";
    case Combined::own: break;
  }
  return own;
}

// For net/ipv4/conf/all/NAME: what each interface does.
void add_interfaces(const System& system, const std::string& path, const std::string& all,
                    Observation& seen) {
  const auto parts = fields_of(path, '/');
  if (parts.size() != 5 || parts[2] != "conf" || parts[3] != "all") return;
  const auto rule = std::ranges::find_if(kCombinations, [&](const Combination& each) {
    return each.family == parts[1] && each.name == parts[4];
  });
  if (rule == kCombinations.end()) return;
  const std::string folder = "net/" + std::string(parts[1]) + "/conf/";
  const auto interfaces = system.list("/proc/sys/" + folder);
  if (!interfaces) return;
  for (const std::string& name : *interfaces) {
    if (name == "all" || name == "default" || name == "lo") continue;
    const auto own = running_value(system, folder + name + "/" + std::string(parts[4]));
    if (own) seen.facts.push_back({"running " + name, combined(rule->how, all, *own)});
  }
}

// Why the value that runs says nothing of this machine; "" when it does.
std::string not_its_own(const System& system, const std::string& path) {
  if (path.starts_with("net/ipv6/") && !system.exists("/proc/sys/net/ipv6"))
    return "this kernel does not speak IPv6";
  if (!path.starts_with("net/") && system.exists("/run/systemd/container"))
    return "a container: this part of the kernel is the business of the machine around it";
  return {};
}

}  // namespace

model::Observation observe_sysctl(const System& system, const model::ProbeArguments& arguments) {
  const std::string path = sysctl_path(arguments.one());
  const auto configured = configured_value(sysctl_lines(system), path);
  Observation seen;
  if (!system.is_live()) {
    seen.state = State::not_running;
  } else {
    const auto running = running_value(system, path);
    if (!running && !configured)
      return {State::absent, {}, "this kernel does not know it, and nothing sets it"};
    seen.note = not_its_own(system, path);
    const bool counts = seen.note.empty();
    if (counts) seen.facts.push_back({"running", running.value_or("unset")});
    if (counts && running) add_interfaces(system, path, *running, seen);
  }
  seen.facts.push_back({"configured", configured.value_or("unset")});
  return seen;
}

}  // namespace cloister::audit::probes
