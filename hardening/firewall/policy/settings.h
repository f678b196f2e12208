// What the operator wants let through: firewall.yaml, read once. All that is not named here is dropped, in
// every direction. The guard and `cloister firewall plan` read the same file.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/settings.h"
#include "firewall/policy/prefix.h"

namespace cloister::firewall::policy {

enum class Transport : std::uint8_t { tcp = 6, udp = 17 };  // IANA protocol numbers

struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  friend bool operator==(const PortRange&, const PortRange&) = default;
};

// How much one source may send: an IPv4 address or an IPv6 /64, for that is what one subscriber gets.
struct Rate {
  enum class Counts : std::uint8_t { connections, packets };
  Counts counts = Counts::connections;
  std::uint32_t count = 10;
  std::chrono::seconds per{1};  // a second, a minute or an hour
  std::uint32_t burst = 20;     // packets or connections at once
  std::uint32_t sources =
      65536;  // remembered per family; what comes from more sources than these is not limited
  friend bool operator==(const Rate&, const Rate&) = default;
};

// A port that others may reach.
struct Service {
  std::string name;  // [a-z0-9-]{1,24}: stands at its rules
  Transport transport = Transport::tcp;
  std::vector<PortRange> ports;
  std::optional<IpFamily> family;  // both when absent
  std::vector<Prefix> sources;     // everybody when empty
  std::optional<Rate> rate;
};

// What this machine may begin by itself. Answers need no rule.
struct Outgoing {
  std::string name;
  std::optional<std::uint32_t> user;  // of the process; all of them when absent
  Transport transport = Transport::tcp;
  std::vector<PortRange> ports;       // there; any when empty
  std::vector<PortRange> from_ports;  // here; any when empty
  std::vector<Prefix> to;             // anywhere when empty
  std::optional<IpFamily> family;
};

struct Ping {
  bool answered = true;
  std::uint32_t per_second = 20;  // from all sources together
};

struct Bans {
  std::uint32_t size = 65536;           // per family
  std::chrono::seconds longest{86400};  // a request for more gets this
  std::vector<Prefix> never;            // cannot be banned: the operator's own networks
};

struct Settings {
  std::vector<std::uint32_t> clients;       // users that may ban; root may do everything
  std::chrono::seconds confirm_within{60};  // `apply` is taken back when nobody confirms
  std::vector<Service> input;
  std::vector<Outgoing> output;
  Ping ping;
  Bans bans;
};

// The number of a user's name; nothing when there is none.
using FindUser = std::function<std::optional<std::uint32_t>(const std::string&)>;
// By the machine's own user database.
std::optional<std::uint32_t> find_user(const std::string& name);

Result<Settings, SettingsError> load_settings(const std::string& file, const FindUser& find = find_user);

}  // namespace cloister::firewall::policy
