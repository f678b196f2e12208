// What is asked of a running system beyond its files. Each door is a question with values for an answer, so
// that a test can answer it; a door that is not there answers nothing: the system does not run. The real ones
// are made in probes/live.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "firewall/policy/ruleset.h"

namespace cloister::audit::probes {

// The kernel's audit subsystem (netlink, AUDIT_GET and AUDIT_LIST_RULES).
struct AuditKernel {
  unsigned enabled = 0;            // 2: locked until the next start
  std::vector<std::string> rules;  // in the text form of audit.rules(7)
};

struct FilterTable {
  std::string family;  // "inet", "ip", "ip6", "arp", "bridge", "netdev"
  std::string name;
};
// One that packets come to by a hook of the kernel.
struct FilterChain {
  std::string family;
  std::string table;
  std::string name;
  std::string hook;    // "input", "forward", "output", …
  std::string type;    // "filter", "nat", "route"
  bool drops = false;  // what no rule names
};
// The kernel's packet filter (netlink, nf_tables).
struct PacketFilter {
  std::vector<FilterTable> tables;
  std::vector<FilterChain> chains;
  std::optional<firewall::policy::Ruleset> ours;  // the table that cloister-guard keeps
};

// The product's web server, over TLS.
struct WebServer {
  std::vector<std::string> versions;           // that it accepts: "TLSv1.2"
  std::vector<std::string> suites;             // the same, by OpenSSL's names; sorted
  std::map<std::string, std::string> headers;  // of the page at "/"; names in lower case
};

struct Doors {
  std::function<Result<AuditKernel, SystemError>()> audit;
  std::function<Result<PacketFilter, SystemError>()> filter;
  // Of that name, on this port of loopback.
  std::function<Result<WebServer, SystemError>(const std::string& host, std::uint16_t port)> web;
};

}  // namespace cloister::audit::probes
