#include "audit/probes/live/packet_filter.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <optional>
#include <utility>

#include "firewall/nft/kernel.h"
#include "firewall/nft/query.h"

namespace cloister::audit::probes {
namespace {

namespace nft = firewall::nft;

constexpr std::pair<std::uint8_t, const char*> kFamilies[] = {
    {NFPROTO_INET,   "inet"  },
    {NFPROTO_IPV4,   "ip"    },
    {NFPROTO_IPV6,   "ip6"   },
    {NFPROTO_ARP,    "arp"   },
    {NFPROTO_BRIDGE, "bridge"},
    {NFPROTO_NETDEV, "netdev"},
};

const char* hook_name(std::uint32_t number) {
  switch (number) {
    case NF_INET_PRE_ROUTING: return "prerouting";
    case NF_INET_LOCAL_IN: return "input";
    case NF_INET_FORWARD: return "forward";
    case NF_INET_LOCAL_OUT: return "output";
    case NF_INET_POST_ROUTING: return "postrouting";
    default: return "other";
  }
}

// Nothing for a chain that only other chains jump to.
std::optional<FilterChain> chain_of(Bytes in, const char* family) {
  const auto hook = nft::find_attribute(in, NFTA_CHAIN_HOOK);
  if (!hook || hook->body.empty()) return std::nullopt;
  return FilterChain{
      .family = family,
      .table = nft::find_text(in, NFTA_CHAIN_TABLE),
      .name = nft::find_text(in, NFTA_CHAIN_NAME),
      .hook = hook_name(nft::find_u32(hook->body, NFTA_HOOK_HOOKNUM).value_or(NF_INET_NUMHOOKS)),
      .type = nft::find_text(in, NFTA_CHAIN_TYPE),
      .drops = nft::find_u32(in, NFTA_CHAIN_POLICY).value_or(NF_ACCEPT) == NF_DROP,
  };
}

nft::Query all_of(std::uint16_t type, std::uint8_t family) {
  return {.type = type, .scope = nft::Query::Scope::all, .set_name = {}, .family = family};
}

}  // namespace

Result<PacketFilter, SystemError> read_packet_filter() {
  auto socket = nft::NetlinkSocket::open();
  if (!socket) return fail(socket.error());
  PacketFilter filter;
  for (const auto& [number, name] : kFamilies) {
    const char* const family = name;
    const auto tables = nft::ask(*socket, all_of(NFT_MSG_GETTABLE, number), [&](Bytes in) {
      filter.tables.push_back({family, nft::find_text(in, NFTA_TABLE_NAME)});
    });
    if (!tables) return fail(tables.error());
    const auto chains = nft::ask(*socket, all_of(NFT_MSG_GETCHAIN, number), [&](Bytes in) {
      if (auto chain = chain_of(in, family); chain) filter.chains.push_back(std::move(*chain));
    });
    if (!chains) return fail(chains.error());
  }
  auto kernel = nft::NetlinkKernel::make();
  if (!kernel) return fail(kernel.error());
  auto running = (*kernel)->read();
  if (!running) return fail(running.error());
  filter.ours = std::move(running->rules);
  return filter;
}

}  // namespace cloister::audit::probes
