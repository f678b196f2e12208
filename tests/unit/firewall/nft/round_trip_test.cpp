// What the batch writes for the kernel, the reader makes out again: the two know the same expressions.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "firewall/nft/batch.h"
#include "firewall/nft/decode.h"
#include "firewall/policy/wanted.h"

namespace cloister::firewall::nft {
namespace {

using testing::ElementsAre;

constexpr std::uint16_t type(int message) {
  return static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | message);
}

std::vector<Message> messages_of(Batch& batch) {
  std::vector<Message> out;
  Messages in(batch.finish());
  while (const auto message = in.next()) out.push_back(*message);
  return out;
}

// A policy with everything in it that a rule can be made of.
policy::Ruleset everything() {
  policy::Settings settings;
  policy::Service service;
  service.name = "media";
  service.transport = policy::Transport::udp;
  service.ports = {
      {3478,  3478 },
      {10000, 10003}
  };
  service.sources = {*policy::Prefix::parse("192.0.2.0/25"), *policy::Prefix::parse("2001:db8::/33"),
                     *policy::Prefix::parse("198.51.100.7"), *policy::Prefix::parse("0.0.0.0/0")};
  service.rate =
      policy::Rate{.counts = policy::Rate::Counts::packets, .count = 7, .per = std::chrono::hours(1)};
  settings.input = {service};
  policy::Outgoing outgoing;
  outgoing.name = "dns";
  outgoing.user = 0x01020304;
  outgoing.ports = {
      {53, 54}
  };
  outgoing.from_ports = {
      {1024, 65535}
  };
  outgoing.to = {*policy::Prefix::parse("2001:db8::53")};
  settings.output = {outgoing};
  return policy::wanted_rules(settings);
}

TEST(RoundTrip, EveryRuleReadsAsItWasWritten) {
  const policy::Ruleset rules = everything();
  for (const policy::Chain& chain : rules.chains) {
    for (const policy::Rule& rule : chain.rules) {
      SCOPED_TRACE(rule.name);
      Batch batch;
      batch.add(policy::AddRule{chain.name, rule});
      const auto found = decode_rule(attributes_of(messages_of(batch).at(1)));
      ASSERT_TRUE(found);
      EXPECT_EQ(found->chain, chain.name);
      EXPECT_TRUE(found->rule == rule);
    }
  }
}

TEST(RoundTrip, SetsAndChainsToo) {
  const policy::Ruleset rules = everything();
  for (const policy::Set& set : rules.sets) {
    Batch batch;
    batch.add(policy::AddSet{set});
    EXPECT_TRUE(decode_set(attributes_of(messages_of(batch).at(1))) == set);
  }
  for (policy::Chain chain : rules.chains) {
    chain.rules.clear();
    Batch batch;
    batch.add(policy::AddChain{chain});
    EXPECT_TRUE(decode_chain(attributes_of(messages_of(batch).at(1))) == chain);
  }
}

TEST(RoundTrip, ARuleWithoutAVerdictIsForeign) {
  const policy::Rule rule{.name = "x", .matches = {}, .verdict = policy::Verdict::accept};
  Batch batch;
  batch.add(policy::AddRule{"input", rule});
  const Message message = messages_of(batch).at(1);
  std::vector<std::byte> attributes(attributes_of(message).begin(), attributes_of(message).end());
  const auto immediate = std::search(attributes.begin(), attributes.end(), as_bytes("immediate").begin(),
                                     as_bytes("immediate").end());
  ASSERT_NE(immediate, attributes.end());
  *immediate = std::byte{'I'};
  const auto found = decode_rule(attributes);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->rule == rule);
}

TEST(Batch, IsOneTransactionThatIsAcknowledgedOnce) {
  Batch batch(42);
  batch.add(policy::AddTable{});
  batch.add(policy::RemoveTable{});
  const auto all = messages_of(batch);
  std::vector<std::uint16_t> types;
  std::vector<bool> acknowledged;
  for (const Message& message : all) {
    types.push_back(message.type);
    acknowledged.push_back((message.flags & NLM_F_ACK) != 0);
  }
  EXPECT_THAT(types, ElementsAre(NFNL_MSG_BATCH_BEGIN, type(NFT_MSG_NEWTABLE), type(NFT_MSG_DELTABLE),
                                 NFNL_MSG_BATCH_END));
  EXPECT_THAT(acknowledged, ElementsAre(false, false, true, false));
  EXPECT_EQ(find_u32(attributes_of(all[0]), NFNL_BATCH_GENID), 42U);
  EXPECT_EQ(batch.last(), all[2].sequence);
}

TEST(Batch, BansAreRenewedAndCut) {
  const std::vector<Source> sources{source_of(*SocketAddress::parse("192.0.2.1", 5)),
                                    source_of(*SocketAddress::parse("2001:db8:0:1:2:3:4:5", 5))};
  EXPECT_TRUE(sources[1].expose() == *SocketAddress::parse("2001:db8:0:1::", 0));
  Batch batch;
  batch.ban(sources, std::chrono::seconds(60));
  std::vector<std::uint16_t> types;
  for (const Message& message : messages_of(batch)) types.push_back(message.type);
  EXPECT_THAT(types, ElementsAre(NFNL_MSG_BATCH_BEGIN, type(NFT_MSG_NEWSETELEM), type(NFT_MSG_DELSETELEM),
                                 type(NFT_MSG_NEWSETELEM), type(NFT_MSG_NEWSETELEM), type(NFT_MSG_DELSETELEM),
                                 type(NFT_MSG_NEWSETELEM), NFNL_MSG_BATCH_END));
}

TEST(Batch, ManyBansFitTheirMessages) {
  std::vector<Source> sources;
  for (std::uint32_t n = 0; n < 10'000; ++n)
    sources.push_back(source_of(*SocketAddress::parse(fmt::format("2001:db8:{:x}::1", n), 0)));
  Batch batch;
  batch.ban(sources, std::chrono::seconds(60));
  std::size_t elements = 0;
  for (const Message& message : messages_of(batch)) elements += count_elements(attributes_of(message));
  EXPECT_EQ(elements, 3 * sources.size());
}

}  // namespace
}  // namespace cloister::firewall::nft
