#include "firewall/policy/wanted.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "firewall/policy/words.h"

namespace cloister::firewall::policy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSubsetOf;
using testing::Not;
using testing::Pair;

std::vector<std::string> words(const Settings& settings, const std::string& chain) {
  const Ruleset rules = wanted_rules(settings);
  std::vector<std::string> out;
  for (const Rule& rule : find_named(rules.chains, chain)->rules)
    out.push_back(in_words(rule, [](std::uint32_t user) { return std::to_string(user); }));
  return out;
}

std::ptrdiff_t place(const std::vector<std::string>& in, const std::string& rule) {
  return std::ranges::find(in, rule) - in.begin();
}

Service service(std::string name, Transport transport, PortRange range) {
  Service out;
  out.name = std::move(name);
  out.transport = transport;
  out.ports = {range};
  return out;
}

TEST(WantedRules, EveryDirectionIsClosedByDefault) {
  const Ruleset rules = wanted_rules({});
  std::vector<std::pair<Hook, Verdict>> found;
  for (const Chain& chain : rules.chains) found.emplace_back(chain.hook, chain.policy);
  EXPECT_THAT(found, ElementsAre(Pair(Hook::input, Verdict::drop), Pair(Hook::forward, Verdict::drop),
                                 Pair(Hook::output, Verdict::drop)));
  EXPECT_TRUE(find_named(rules.chains, "forward")->rules.empty());
}

TEST(WantedRules, WithoutSettingsOnlyTheNeededPasses) {
  EXPECT_THAT(words({}, "input"),
              ElementsAre("accept coming in by loopback (loopback)", "drop IPv4 from 127.0.0.0/8 (forged)",
                          "drop IPv6 from ::1 (forged)", "drop IPv4 from sources in banned4 (ban)",
                          "drop IPv6 from sources in banned6 (ban)",
                          "accept IPv4 ICMP type 8 up to 20 a second (bursts of 20) in all (ping)",
                          "drop IPv4 ICMP type 8 (ping)",
                          "accept IPv6 ICMPv6 type 128 up to 20 a second (bursts of 20) in all (ping)",
                          "drop IPv6 ICMPv6 type 128 (ping)",
                          "accept of connections established or related (established)",
                          "drop of connections invalid (invalid)", "accept IPv4 ICMP type 3 (icmp)",
                          "accept IPv4 ICMP type 11 (icmp)", "accept IPv4 ICMP type 12 (icmp)",
                          "accept IPv6 ICMPv6 type 1 (icmp)", "accept IPv6 ICMPv6 type 2 (icmp)",
                          "accept IPv6 ICMPv6 type 3 (icmp)", "accept IPv6 ICMPv6 type 4 (icmp)",
                          "accept IPv6 ICMPv6 type 134 from the own link (neighbours)",
                          "accept IPv6 ICMPv6 type 135 from the own link (neighbours)",
                          "accept IPv6 ICMPv6 type 136 from the own link (neighbours)",
                          "accept IPv6 ICMPv6 type 130 (neighbours)"));
}

TEST(WantedRules, AServiceIsARulePerRangeAndSource) {
  Settings settings;
  settings.input = {service("web", Transport::tcp, {80, 80})};
  settings.input[0].ports.push_back({440, 443});
  settings.input[0].sources = {*Prefix::parse("192.0.2.0/24"), *Prefix::parse("2001:db8::/32")};
  const std::vector<std::string> expected{"accept IPv4 from 192.0.2.0/24 TCP to port 80 (web)",
                                          "accept IPv4 from 192.0.2.0/24 TCP to ports 440-443 (web)",
                                          "accept IPv6 from 2001:db8::/32 TCP to port 80 (web)",
                                          "accept IPv6 from 2001:db8::/32 TCP to ports 440-443 (web)"};
  EXPECT_THAT(expected, IsSubsetOf(words(settings, "input")));
  settings.input[0].family = IpFamily::v6;
  EXPECT_THAT(words(settings, "input"), Not(Contains(expected[0])));
  settings.input[0].sources.pop_back();
  EXPECT_EQ(words(settings, "input").size(), words({}, "input").size())
      << "IPv6 only, from an IPv4 network: nobody";
}

TEST(WantedRules, ALimitOfPacketsStandsBeforeEstablishedTrafficOneOfConnectionsBehind) {
  Settings settings;
  settings.input = {service("media", Transport::udp, {10000, 10003}),
                    service("ssh", Transport::tcp, {22, 22})};
  settings.input[0].rate = Rate{.counts = Rate::Counts::packets, .count = 5000, .burst = 9000};
  settings.input[1].rate = Rate{.count = 6, .per = std::chrono::minutes(1), .burst = 6};
  const auto rules = words(settings, "input");
  const auto media = place(
      rules,
      "drop IPv6 UDP to ports 10000-10003 beyond 5000 a second (bursts of 9000) from one source (media)");
  const auto ssh =
      place(rules, "drop IPv4 TCP to port 22 beyond 6 a minute (bursts of 6) from one source (ssh)");
  const auto established = place(rules, "accept of connections established or related (established)");
  const auto ban = place(rules, "drop IPv4 from sources in banned4 (ban)");
  EXPECT_LT(ban, media);
  EXPECT_LT(media, established);
  EXPECT_LT(established, ssh);
  EXPECT_LT(ssh, place(rules, "accept TCP to port 22 (ssh)"));
  EXPECT_LT(place(rules, "accept TCP to port 22 (ssh)"), std::ssize(rules));
}

TEST(WantedRules, EverySetIsBounded) {
  Settings settings;
  settings.input = {service("media", Transport::udp, {10000, 10000})};
  settings.input[0].rate = Rate{.counts = Rate::Counts::packets, .sources = 1024};
  settings.bans.size = 99;
  std::vector<std::pair<std::string, std::uint32_t>> sizes;
  for (const Set& set : wanted_rules(settings).sets) sizes.emplace_back(set.name, set.size);
  EXPECT_THAT(sizes, ElementsAre(Pair("banned4", 99U), Pair("banned6", 99U), Pair("rate_media_4", 1024U),
                                 Pair("rate_media_6", 1024U)));
}

TEST(WantedRules, OutgoingIsByUser) {
  Settings settings;
  Outgoing media;
  media.name = "media";
  media.user = 901;
  media.transport = Transport::udp;
  media.from_ports = {
      {10000, 10003}
  };
  Outgoing dns;
  dns.name = "dns";
  dns.transport = Transport::udp;
  dns.ports = {
      {53, 53}
  };
  dns.to = {*Prefix::parse("192.0.2.53")};
  settings.output = {media, dns};
  const auto rules = words(settings, "output");
  EXPECT_THAT(rules, Contains("accept of user 901 UDP from ports 10000-10003 (media)"));
  EXPECT_THAT(rules, Contains("accept IPv4 to 192.0.2.53 UDP to port 53 (dns)"));
  EXPECT_EQ(rules.size(), words({}, "output").size() + 2);
}

TEST(WantedRules, PingMayBeOff) {
  Settings settings;
  settings.ping.answered = false;
  EXPECT_EQ(words(settings, "input").size(), words({}, "input").size() - 4);
}

}  // namespace
}  // namespace cloister::firewall::policy
