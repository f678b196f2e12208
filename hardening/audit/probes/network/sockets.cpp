#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "audit/probes/network/probes.h"
#include "audit/probes/network/socket_table.h"
#include "audit/probes/system/processes.h"
#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

constexpr std::size_t kLargest = 8 * 1024 * 1024;

// "socket:[4711]" → 4711
std::optional<long long> socket_inode(std::string_view link) {
  constexpr std::string_view kBefore = "socket:[";
  if (!link.starts_with(kBefore) || !link.ends_with(']')) return std::nullopt;
  return number(link.substr(kBefore.size(), link.size() - kBefore.size() - 1));
}

// Inode → name of the first process that holds the socket.
const std::map<long long, std::string>& holders(const System& system) {
  return system.remember<std::map<long long, std::string>>("sockets' holders", [&] {
    std::map<long long, std::string> all;
    for (const Process& process : running_processes(system)) {
      const std::string folder = fmt::format("/proc/{}/fd", process.id);
      const auto names = system.list(folder);
      if (!names) continue;
      for (const std::string& name : *names) {
        const auto link = system.read_link(folder + "/" + name);
        if (const auto inode = link ? socket_inode(*link) : std::nullopt; inode)
          all.emplace(*inode, process.name);
      }
    }
    return all;
  });
}

std::string holder(const System& system, const Listener& listener) {
  const auto& all = holders(system);
  const auto found = all.find(static_cast<long long>(listener.inode));
  return found != all.end() ? found->second : "?";
}

// Rules as iptables-save writes them: "--dport 443", "--dports 80,443", "--dport 10000:10010".
bool names_port(std::string_view rule, std::uint16_t port) {
  const auto words = words_of(rule);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] != "--dport" && words[i] != "--dports") continue;
    for (const std::string_view range : fields_of(words[i + 1], ',')) {
      const auto ends = fields_of(range, ':');
      const auto first = number(ends.front());
      const auto last = number(ends.back());
      if (first && last && *first <= port && port <= *last) return true;
    }
  }
  return false;
}

bool has_rule(const System& system, const std::vector<std::string>& files, const Listener& listener) {
  for (const std::string& path : files) {
    const auto text = system.read_file(path);
    if (!text) continue;
    for (const Line& line : lines_of(*text))
      if (line.text.find("-p " + listener.protocol) != std::string_view::npos &&
          names_port(line.text, listener.port))
        return true;
  }
  return false;
}

// A socket of all IPv6 addresses serves IPv4 as well.
bool is_of_family(const Listener& listener, const std::string& family) {
  if (family.empty()) return true;
  return family == "ipv6" ? listener.ipv6 : !listener.ipv6 || listener.any_address;
}

bool is_asked_for(const System& system, const Listener& listener, const std::string& process,
                  const model::ProbeArguments& arguments) {
  const auto& ports = arguments.all("ports");
  if (arguments.one("scope") == "outside" && listener.loopback) return false;
  if (!ports.empty() && std::ranges::find(ports, std::to_string(listener.port)) == ports.end()) return false;
  if (arguments.has("process") && process != arguments.one("process")) return false;
  if (!is_of_family(listener, arguments.one("family"))) return false;
  return !arguments.has("without_rule_in") || !has_rule(system, arguments.all("without_rule_in"), listener);
}

}  // namespace

model::Observation observe_sockets(const System& system, const model::ProbeArguments& arguments) {
  if (!system.is_live()) return {State::not_running, {}, {}};
  Observation seen;
  for (const char* const name : {"tcp", "tcp6", "udp", "udp6"}) {
    const auto table = system.read_file(fmt::format("/proc/net/{}", name), kLargest);
    if (!table && table.error().absent() && std::string_view(name).ends_with('6')) continue;  // no IPv6
    if (!table) return observation_of(table.error());
    for (const Listener& listener : parse_sockets(*table, std::string_view(name).substr(0, 3))) {
      const std::string process = holder(system, listener);
      if (is_asked_for(system, listener, process, arguments))
        seen.facts.push_back(
            {listener.text(), fmt::format("{}/{} {}", listener.port, listener.protocol, process)});
    }
  }
  std::ranges::sort(seen.facts);
  // Several threads or processes on one port.
  seen.facts.erase(std::unique(seen.facts.begin(), seen.facts.end()), seen.facts.end());
  return seen;
}

}  // namespace cloister::audit::probes
