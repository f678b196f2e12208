#include "firewall/policy/wanted.h"

namespace cloister::firewall::policy {
namespace {

// Bits of the tracked state, as nf_tables numbers them.
constexpr std::uint32_t kInvalid = 1;
constexpr std::uint32_t kEstablished = 2;
constexpr std::uint32_t kRelated = 4;

constexpr std::chrono::seconds kRemembered{60};  // a source that stays quiet this long is forgotten

constexpr IpFamily kFamilies[] = {IpFamily::v4, IpFamily::v6};

// RFC 792: what TCP and UDP need to hear of.
constexpr std::uint8_t kNeeded4[] = {3, 11, 12};  // unreachable (with path MTU), time exceeded, bad parameter
// RFC 4890 §4.4.1: must not be dropped.
constexpr std::uint8_t kNeeded6[] = {1, 2, 3, 4};  // unreachable, too big, time exceeded, bad parameter
// RFC 4890 §4.4.1, RFC 4861: the neighbours. Only routers are asked 133.
constexpr std::uint8_t kNeighboursIn[] = {134, 135, 136};
constexpr std::uint8_t kNeighboursOut[] = {133, 135, 136};
// RFC 2710, RFC 3810: listeners ask for the multicast groups that neighbour discovery needs.
constexpr std::uint8_t kListenersIn[] = {130};
constexpr std::uint8_t kListenersOut[] = {131, 132, 143};
constexpr std::uint8_t kIcmp = 1;  // IANA protocol numbers
constexpr std::uint8_t kIcmp6 = 58;
constexpr std::uint8_t kEcho4 = 8;
constexpr std::uint8_t kEcho6 = 128;
constexpr std::uint8_t kLinkHops = 255;

std::string rate_set(const Service& service, IpFamily family) {
  return "rate_" + service.name + (family == IpFamily::v4 ? "_4" : "_6");
}

bool serves(const Service& service, IpFamily family) { return !service.family || *service.family == family; }

// One copy of the matches so far per alternative, each with that alternative; unchanged when there is none.
template <class T, class Make>
std::vector<std::vector<Match>> each_of(std::vector<std::vector<Match>> so_far,
                                        const std::vector<T>& alternatives, Make make) {
  if (alternatives.empty()) return so_far;
  std::vector<std::vector<Match>> out;
  for (const auto& matches : so_far) {
    for (const T& alternative : alternatives) {
      out.push_back(matches);
      make(out.back(), alternative);
    }
  }
  return out;
}

void add_network(std::vector<Match>& matches, End end, const Prefix& network) {
  matches.emplace_back(OfFamily{network.family});
  matches.emplace_back(InNetwork{end, network});
}

// The ways in which a packet can be one to (or from) these ports and networks.
struct Shape {
  Transport transport;
  std::optional<IpFamily> family;
  std::vector<PortRange> to_ports;
  std::vector<PortRange> from_ports;
  End end;  // of the networks
  std::vector<Prefix> networks;
};

std::vector<std::vector<Match>> matches_of(const Shape& shape) {
  std::vector<std::vector<Match>> out(1);
  if (shape.networks.empty() && shape.family) out[0].emplace_back(OfFamily{*shape.family});
  std::vector<Prefix> networks;
  for (const Prefix& network : shape.networks)
    if (!shape.family || *shape.family == network.family) networks.push_back(network);
  if (!shape.networks.empty() && networks.empty()) return {};
  out = each_of(std::move(out), networks,
                [&](auto& matches, const Prefix& network) { add_network(matches, shape.end, network); });
  for (auto& matches : out) matches.emplace_back(OfProtocol{static_cast<std::uint8_t>(shape.transport)});
  out = each_of(std::move(out), shape.from_ports, [](auto& matches, PortRange range) {
    matches.emplace_back(OfPorts{End::source, range});
  });
  return each_of(std::move(out), shape.to_ports, [](auto& matches, PortRange range) {
    matches.emplace_back(OfPorts{End::destination, range});
  });
}

class Writer {
public:
  explicit Writer(Chain& chain) : chain_(chain) {}
  void rule(const std::string& name, std::vector<Match> matches, Verdict verdict) {
    chain_.rules.push_back({.name = name, .matches = std::move(matches), .verdict = verdict});
  }
  void icmp(const std::string& name, IpFamily family, std::span<const std::uint8_t> types,
            const std::optional<Match>& more = {}, Verdict verdict = Verdict::accept) {
    for (const std::uint8_t type : types) {
      std::vector<Match> matches;
      matches.emplace_back(OfFamily{family});
      matches.emplace_back(OfProtocol{family == IpFamily::v4 ? kIcmp : kIcmp6});
      matches.emplace_back(OfIcmpType{type});
      if (more) matches.push_back(*more);
      rule(name, std::move(matches), verdict);
    }
  }

private:
  Chain& chain_;
};

// Whoever sends more than the service's rate is dropped: a rule per range of ports and family.
void drop_beyond_rate(Writer& out, const Service& service) {
  if (!service.rate) return;
  const Limit limit{service.rate->count, service.rate->per, service.rate->burst};
  for (const IpFamily family : kFamilies) {
    if (!serves(service, family)) continue;
    const Shape shape{service.transport, family, service.ports, {}, End::source, {}};
    for (auto& matches : matches_of(shape)) {
      matches.emplace_back(SourceOver{rate_set(service, family), family, limit});
      out.rule(service.name, std::move(matches), Verdict::drop);
    }
  }
}

void drop_forged_loopback(Writer& out) {
  for (const char* network : {"127.0.0.0/8", "::1"}) {
    std::vector<Match> matches;
    add_network(matches, End::source, *Prefix::parse(network));
    out.rule("forged", std::move(matches), Verdict::drop);
  }
}

void drop_banned(Writer& out) {
  for (const IpFamily family : kFamilies) {
    std::vector<Match> matches;
    matches.emplace_back(OfFamily{family});
    matches.emplace_back(SourceIn{ban_set(family), family});
    out.rule("ban", std::move(matches), Verdict::drop);
  }
}

void accept_needed_icmp(Writer& out) {
  out.icmp("icmp", IpFamily::v4, kNeeded4);
  out.icmp("icmp", IpFamily::v6, kNeeded6);
  out.icmp("neighbours", IpFamily::v6, kNeighboursIn, OfHopLimit{kLinkHops});
  out.icmp("neighbours", IpFamily::v6, kListenersIn);
}

// A series of requests counts as established from its first answer on: the limit stands before that.
void limit_pings(Writer& out, const Ping& ping) {
  if (!ping.answered) return;
  const Limit limit{ping.per_second, std::chrono::seconds(1), ping.per_second};
  for (const IpFamily family : kFamilies) {
    const std::span echo(family == IpFamily::v4 ? &kEcho4 : &kEcho6, 1);
    out.icmp("ping", family, echo, Within{limit});
    out.icmp("ping", family, echo, {}, Verdict::drop);
  }
}

// Bans come before established traffic, so that they also end what runs; so do limits that count packets.
Chain input_chain(const Settings& settings) {
  Chain chain{.name = "input", .hook = Hook::input, .priority = 0, .policy = Verdict::drop, .rules = {}};
  Writer out(chain);
  out.rule("loopback", {OverLoopback{End::source}}, Verdict::accept);
  drop_forged_loopback(out);
  drop_banned(out);
  for (const Service& service : settings.input)
    if (service.rate && service.rate->counts == Rate::Counts::packets) drop_beyond_rate(out, service);
  limit_pings(out, settings.ping);
  out.rule("established", {InState{kEstablished | kRelated}}, Verdict::accept);
  out.rule("invalid", {InState{kInvalid}}, Verdict::drop);
  accept_needed_icmp(out);
  for (const Service& service : settings.input) {
    if (service.rate && service.rate->counts == Rate::Counts::connections) drop_beyond_rate(out, service);
    const Shape shape{service.transport, service.family, service.ports, {}, End::source, service.sources};
    for (auto& matches : matches_of(shape)) out.rule(service.name, std::move(matches), Verdict::accept);
  }
  return chain;
}

Chain output_chain(const Settings& settings) {
  Chain chain{.name = "output", .hook = Hook::output, .priority = 0, .policy = Verdict::drop, .rules = {}};
  Writer out(chain);
  out.rule("loopback", {OverLoopback{End::destination}}, Verdict::accept);
  out.rule("established", {InState{kEstablished | kRelated}}, Verdict::accept);
  out.icmp("icmp", IpFamily::v4, kNeeded4);
  out.icmp("icmp", IpFamily::v6, kNeeded6);
  out.icmp("neighbours", IpFamily::v6, kNeighboursOut, OfHopLimit{kLinkHops});
  out.icmp("neighbours", IpFamily::v6, kListenersOut);
  for (const Outgoing& outgoing : settings.output) {
    const Shape shape{outgoing.transport,  outgoing.family,  outgoing.ports,
                      outgoing.from_ports, End::destination, outgoing.to};
    for (auto& matches : matches_of(shape)) {
      if (outgoing.user) matches.insert(matches.begin(), OfUser{*outgoing.user});
      out.rule(outgoing.name, std::move(matches), Verdict::accept);
    }
  }
  return chain;
}

}  // namespace

Ruleset wanted_rules(const Settings& settings) {
  Ruleset wanted;
  for (const IpFamily family : kFamilies) {
    wanted.sets.push_back({.name = ban_set(family),
                           .kind = Set::Kind::bans,
                           .family = family,
                           .size = settings.bans.size,
                           .timeout = std::chrono::seconds(0)});
  }
  for (const Service& service : settings.input) {
    for (const IpFamily family : kFamilies) {
      if (service.rate && serves(service, family))
        wanted.sets.push_back({.name = rate_set(service, family),
                               .kind = Set::Kind::rates,
                               .family = family,
                               .size = service.rate->sources,
                               .timeout = kRemembered});
    }
  }
  wanted.chains = {
      input_chain(settings),
      {.name = "forward", .hook = Hook::forward, .priority = 0, .policy = Verdict::drop, .rules = {}},
      output_chain(settings)
  };
  return wanted;
}

}  // namespace cloister::firewall::policy
