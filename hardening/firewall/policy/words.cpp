#include "firewall/policy/words.h"

#include <fmt/core.h>
#include <netinet/in.h>
#include <pwd.h>

#include <algorithm>

namespace cloister::firewall::policy {
namespace {

const char* word(IpFamily family) { return family == IpFamily::v4 ? "IPv4" : "IPv6"; }
const char* word(Verdict verdict) { return verdict == Verdict::accept ? "accept" : "drop"; }

std::string word_of_protocol(std::uint8_t number) {
  switch (number) {
    case IPPROTO_TCP: return "TCP";
    case IPPROTO_UDP: return "UDP";
    case IPPROTO_ICMP: return "ICMP";
    case IPPROTO_ICMPV6: return "ICMPv6";
    default: return fmt::format("IP protocol {}", number);
  }
}

std::string word_of_states(std::uint32_t bits) {
  struct State {
    std::uint32_t bit;
    const char* word;
  };
  constexpr State kStates[] = {
      {1,  "invalid"    },
      {2,  "established"},
      {4,  "related"    },
      {8,  "new"        },
      {64, "untracked"  }
  };
  std::string out;
  for (const State& state : kStates)
    if (bits & state.bit) out += (out.empty() ? "" : " or ") + std::string(state.word);
  return out.empty() ? "no state" : out;
}

std::string word_of_limit(const Limit& limit) {
  const char* per = limit.per == std::chrono::seconds(1)   ? "second"
                    : limit.per == std::chrono::minutes(1) ? "minute"
                    : limit.per == std::chrono::hours(1)   ? "hour"
                                                           : nullptr;
  const std::string unit = per ? per : fmt::format("{} seconds", limit.per.count());
  return fmt::format("{} a {} (bursts of {})", limit.count, unit, limit.burst);
}

struct Words {
  const NameUser& name;

  std::string operator()(const OfFamily& m) const { return word(m.family); }
  std::string operator()(const OfProtocol& m) const { return word_of_protocol(m.number); }
  std::string operator()(const OfPorts& m) const {
    const char* where = m.end == End::source ? "from" : "to";
    if (m.range.first == m.range.last) return fmt::format("{} port {}", where, m.range.first);
    return fmt::format("{} ports {}-{}", where, m.range.first, m.range.last);
  }
  std::string operator()(const OfIcmpType& m) const { return fmt::format("type {}", m.type); }
  std::string operator()(const OfHopLimit& m) const {
    return m.hops == 255 ? "from the own link" : fmt::format("with {} hops left", m.hops);
  }
  std::string operator()(const OverLoopback& m) const {
    return m.end == End::source ? "coming in by loopback" : "going out by loopback";
  }
  std::string operator()(const InState& m) const { return "of connections " + word_of_states(m.any_of); }
  std::string operator()(const OfUser& m) const { return "of user " + name(m.number); }
  std::string operator()(const InNetwork& m) const {
    return fmt::format("{} {}", m.end == End::source ? "from" : "to", m.network.text());
  }
  std::string operator()(const SourceIn& m) const { return "from sources in " + printable(m.set); }
  std::string operator()(const SourceOver& m) const {
    return fmt::format("beyond {} from one source", word_of_limit(m.limit));
  }
  std::string operator()(const Within& m) const {
    return fmt::format("up to {} in all", word_of_limit(m.limit));
  }
  std::string operator()(const Foreign&) const { return "(something that this program never writes)"; }
};

}  // namespace

std::string name_user(std::uint32_t number) {
  const passwd* entry = getpwuid(number);
  return entry ? entry->pw_name : std::to_string(number);
}

std::string printable(const std::string& text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c >= ' ' && c <= '~'; });
  return out;
}

std::string in_words(const Rule& rule, const NameUser& name) {
  std::string out = word(rule.verdict);
  if (rule.matches.empty()) out += " everything";
  for (const Match& match : rule.matches) out += " " + std::visit(Words{name}, match);
  return rule.name.empty() ? out : fmt::format("{} ({})", out, printable(rule.name));
}

std::string in_words(const Set& set) {
  switch (set.kind) {
    case Set::Kind::bans:
      return fmt::format("{}: at most {} banned {} sources", printable(set.name), set.size, word(set.family));
    case Set::Kind::rates:
      return fmt::format("{}: the rates of at most {} {} sources", printable(set.name), set.size,
                         word(set.family));
    case Set::Kind::foreign: break;
  }
  return fmt::format("{}: a set that this program never makes", printable(set.name));
}

}  // namespace cloister::firewall::policy
