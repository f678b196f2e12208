#include <fmt/core.h>

#include <algorithm>

#include "audit/probes/network/probes.h"
#include "audit/probes/system/accounts.h"
#include "firewall/policy/plan.h"
#include "firewall/policy/wanted.h"

namespace cloister::audit::probes {
namespace {

namespace policy = firewall::policy;
using model::Observation;
using model::State;

constexpr const char* kSettings = "/etc/cloister/firewall.yaml";
constexpr std::uint32_t kEstablished = 2;  // of connection tracking, as nf_tables numbers it

Observation tables(const PacketFilter& filter) {
  Observation seen;
  for (const FilterTable& table : filter.tables) {
    const std::string text = table.family + " " + table.name;
    seen.facts.push_back({text, text});
  }
  if (seen.facts.empty()) return {State::absent, {}, "the kernel holds no table"};
  std::ranges::sort(seen.facts);
  return seen;
}

// What becomes of a packet that no rule names: of all chains at that hook the strictest counts.
std::string policy_at(const PacketFilter& filter, std::string_view hook, std::string_view family) {
  std::string found = "none";
  for (const FilterChain& chain : filter.chains) {
    const bool both = chain.family == "inet";
    if (chain.hook != hook || chain.type != "filter" || !(both || chain.family == family)) continue;
    if (found != "drop") found = chain.drops ? "drop" : "accept";
  }
  return found;
}

Observation policies(const PacketFilter& filter, const std::string& only) {
  Observation seen;
  if (filter.tables.empty()) return {State::absent, {}, "the kernel holds no table"};
  for (const char* const hook : {"input", "forward", "output"})
    for (const auto& [name, family] : {std::pair("ipv4", "ip"), std::pair("ipv6", "ip6")})
      if (only.empty() || only == name)
        seen.facts.push_back({fmt::format("{} {}", hook, name), policy_at(filter, hook, family)});
  return seen;
}

template <class T>
const T* match_of(const policy::Rule& rule) {
  for (const policy::Match& match : rule.matches)
    if (const T* const found = std::get_if<T>(&match)) return found;
  return nullptr;
}

const policy::Chain* input_of(const PacketFilter& filter) {
  if (!filter.ours) return nullptr;
  for (const policy::Chain& chain : filter.ours->chains)
    if (chain.hook == policy::Hook::input) return &chain;
  return nullptr;
}

bool accepts_loopback(const policy::Rule& rule) {
  return rule.verdict == policy::Verdict::accept && rule.matches.size() == 1 &&
         match_of<policy::OverLoopback>(rule) != nullptr;
}

// A rule that drops the whole network, before anything else than loopback is accepted.
bool drops_forged(const policy::Chain& input, const char* network) {
  for (const policy::Rule& rule : input.rules) {
    if (rule.verdict == policy::Verdict::accept) {
      if (accepts_loopback(rule)) continue;
      return false;
    }
    const auto* const source = match_of<policy::InNetwork>(rule);
    const bool narrower = rule.matches.size() > 2;  // more than family and network
    if (source != nullptr && !narrower && source->end == policy::End::source &&
        source->network == *policy::Prefix::parse(network))
      return true;
  }
  return false;
}

Observation of_our_table(const PacketFilter& filter) {
  Observation seen;
  if (input_of(filter) == nullptr) {
    seen.state = State::absent;
    seen.note = "the kernel holds no table of cloister-guard; other tables are not understood";
  }
  return seen;
}

const char* yes_or_no(bool yes) { return yes ? "yes" : "no"; }

Observation loopback(const PacketFilter& filter) {
  Observation seen = of_our_table(filter);
  const policy::Chain* const input = input_of(filter);
  if (input == nullptr) return seen;
  seen.facts = {
      {"accepted",            yes_or_no(std::ranges::any_of(input->rules, accepts_loopback))},
      {"forged ipv4 dropped", yes_or_no(drops_forged(*input,              "127.0.0.0/8"))   },
      {"forged ipv6 dropped", yes_or_no(drops_forged(*input,              "::1"))           },
  };
  return seen;
}

Observation answers(const PacketFilter& filter) {
  Observation seen = of_our_table(filter);
  const policy::Chain* const input = input_of(filter);
  if (input == nullptr) return seen;
  const bool accepted = std::ranges::any_of(input->rules, [](const policy::Rule& rule) {
    const auto* const state = match_of<policy::InState>(rule);
    return rule.verdict == policy::Verdict::accept && rule.matches.size() == 1 && state != nullptr &&
           (state->any_of & kEstablished) != 0;
  });
  seen.facts = {
      {"established accepted", yes_or_no(accepted)}
  };
  return seen;
}

const char* word(policy::Difference::Kind kind) {
  switch (kind) {
    case policy::Difference::Kind::added: return "missing";
    case policy::Difference::Kind::removed: return "too much";
    case policy::Difference::Kind::changed: break;
  }
  return "different";
}

// What would have to be done for the kernel to hold what the guard's settings say.
Observation difference(const System& system, const PacketFilter& filter) {
  if (const auto there = system.stat(kSettings, Follow::yes); !there) return observation_of(there.error());
  const policy::FindUser find = [&](const std::string& name) -> std::optional<std::uint32_t> {
    for (const User& user : accounts_of(system).users)
      if (user.name == name) return user.uid;
    return std::nullopt;
  };
  const auto settings =
      policy::load_settings(fmt::format("/proc/self/fd/{}{}", system.root(), kSettings), find);
  if (!settings) return {State::unreadable, {}, fmt::format("{}: the settings are broken", kSettings)};
  Observation seen;
  for (const policy::Difference& each : policy::plan(filter.ours, policy::wanted_rules(*settings)))
    seen.facts.push_back({fmt::format("{} {}", word(each.kind), each.where), each.what});
  return seen;
}

}  // namespace

model::Observation observe_nft(const System& system, const model::ProbeArguments& arguments) {
  if (!system.is_live() || !system.doors().filter) return {State::not_running, {}, {}};
  const auto& filter = system.remember<Result<PacketFilter, SystemError>>(
      "packet filter", [&] { return system.doors().filter(); });
  if (!filter)
    return {
        State::unreadable, {}, fmt::format("{}: {}", filter.error().doing, filter.error().code.message())};
  const std::string& query = arguments.plain_or("query").front();
  if (query == "tables") return tables(*filter);
  if (query == "policy") return policies(*filter, arguments.one("family"));
  if (query == "loopback") return loopback(*filter);
  if (query == "answers") return answers(*filter);
  if (query == "difference") return difference(system, *filter);
  return {State::unreadable, {}, "nft knows no " + query};
}

}  // namespace cloister::audit::probes
