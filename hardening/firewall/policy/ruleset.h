// The rules as values: what the kernel is to hold, and what it was found to hold. Each match has exactly one
// form in nf_tables' own expressions (nft/expressions.h writes it, nft/decode.h reads it back), so that
// comparing values is comparing rules. No match logs: there is no such value.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "firewall/policy/prefix.h"
#include "firewall/policy/settings.h"

namespace cloister::firewall::policy {

inline constexpr const char* kTable = "cloister";  // of family inet: IPv4 and IPv6
inline constexpr const char* kBans4 = "banned4";
inline constexpr const char* kBans6 = "banned6";
constexpr const char* ban_set(IpFamily family) { return family == IpFamily::v4 ? kBans4 : kBans6; }
inline constexpr std::uint8_t kSourceBits6 = 64;  // what counts as one source
constexpr std::uint8_t source_bits(IpFamily family) { return family == IpFamily::v4 ? 32 : kSourceBits6; }

enum class End : std::uint8_t { source, destination };
enum class Verdict : std::uint8_t { drop, accept };

struct OfFamily {
  IpFamily family;
  friend bool operator==(const OfFamily&, const OfFamily&) = default;
};
struct OfProtocol {
  std::uint8_t number;  // TCP, UDP, ICMP 1, ICMPv6 58
  friend bool operator==(const OfProtocol&, const OfProtocol&) = default;
};
struct OfPorts {
  End end;
  PortRange range;
  friend bool operator==(const OfPorts&, const OfPorts&) = default;
};
struct OfIcmpType {
  std::uint8_t type;
  friend bool operator==(const OfIcmpType&, const OfIcmpType&) = default;
};
// RFC 4861 §6.1, §7.1: neighbour discovery from beyond the link is a forgery.
struct OfHopLimit {
  std::uint8_t hops;
  friend bool operator==(const OfHopLimit&, const OfHopLimit&) = default;
};
// By the interface lo: it comes in there (end source) or goes out there (end destination).
struct OverLoopback {
  End end;
  friend bool operator==(const OverLoopback&, const OverLoopback&) = default;
};
// Of connection tracking: any of these bits (1 invalid, 2 established, 4 related, 8 new, 64 untracked).
struct InState {
  std::uint32_t any_of;
  friend bool operator==(const InState&, const InState&) = default;
};
struct OfUser {
  std::uint32_t number;
  friend bool operator==(const OfUser&, const OfUser&) = default;
};
struct InNetwork {
  End end;
  Prefix network;
  friend bool operator==(const InNetwork&, const InNetwork&) = default;
};
// The source is a member of a set.
struct SourceIn {
  std::string set;
  IpFamily family;
  friend bool operator==(const SourceIn&, const SourceIn&) = default;
};
struct Limit {
  std::uint64_t count;
  std::chrono::seconds per;
  std::uint32_t burst;
  friend bool operator==(const Limit&, const Limit&) = default;
};
// The source sends more than this; the set remembers each by itself.
struct SourceOver {
  std::string set;
  IpFamily family;
  Limit limit;
  friend bool operator==(const SourceOver&, const SourceOver&) = default;
};
// All of it together is within this.
struct Within {
  Limit limit;
  friend bool operator==(const Within&, const Within&) = default;
};
// Something that this program never writes: equal to nothing.
struct Foreign {
  friend bool operator==(const Foreign&, const Foreign&) { return false; }
};

using Match = std::variant<OfFamily, OfProtocol, OfPorts, OfIcmpType, OfHopLimit, OverLoopback, InState,
                           OfUser, InNetwork, SourceIn, SourceOver, Within, Foreign>;

struct Rule {
  std::string name;  // stands at the rule in the kernel, as its comment
  std::vector<Match> matches;
  Verdict verdict = Verdict::drop;
  friend bool operator==(const Rule&, const Rule&) = default;
};

struct Set {
  enum class Kind : std::uint8_t { bans, rates, foreign };
  std::string name;
  Kind kind = Kind::bans;
  IpFamily family = IpFamily::v4;
  std::uint32_t size = 0;
  std::chrono::seconds timeout{0};  // of an entry that does not bring its own
  friend bool operator==(const Set&, const Set&) = default;
};

enum class Hook : std::uint8_t { input, forward, output, none };

struct Chain {
  std::string name;
  Hook hook = Hook::none;
  std::int32_t priority = 0;
  Verdict policy = Verdict::drop;
  std::vector<Rule> rules;
  friend bool operator==(const Chain&, const Chain&) = default;
};

struct Ruleset {
  bool foreign = false;  // the table is asleep, or holds more than sets, chains and rules
  std::vector<Set> sets;
  std::vector<Chain> chains;
  friend bool operator==(const Ruleset&, const Ruleset&) = default;
};

template <class T>
const T* find_named(const std::vector<T>& in, const std::string& name) {
  for (const T& each : in)
    if (each.name == name) return &each;
  return nullptr;
}

}  // namespace cloister::firewall::policy
