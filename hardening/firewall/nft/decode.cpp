#include "firewall/nft/decode.h"

#include <netinet/in.h>
// glibc's headers first: the kernel's declare the same
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <algorithm>

#include "firewall/nft/decode_expressions.h"

namespace cloister::firewall::nft {
namespace {

constexpr std::uint8_t kComment = 0;  // type of the note that nft(8) shows as a rule's comment

// Notes of user space at a rule: type, length, bytes.
std::string comment_in(Bytes notes) {
  ByteReader in(notes);
  while (in.left() >= 2) {
    const std::uint8_t type = in.u8();
    const Bytes body = in.take(in.u8());
    if (type == kComment && in.ok()) return Attribute{0, body}.text();
  }
  return {};
}

std::optional<policy::Verdict> verdict_of(std::uint32_t code) {
  if (code == NF_ACCEPT) return policy::Verdict::accept;
  if (code == NF_DROP) return policy::Verdict::drop;
  return std::nullopt;
}

policy::Set::Kind kind_of(Bytes attributes) {
  const std::uint32_t flags = find_u32(attributes, NFTA_SET_FLAGS).value_or(0);
  if (find_attribute(attributes, NFTA_SET_EXPR) || find_attribute(attributes, NFTA_SET_EXPRESSIONS))
    return policy::Set::Kind::foreign;
  if (flags == NFT_SET_TIMEOUT) return policy::Set::Kind::bans;
  if (flags == (NFT_SET_TIMEOUT | NFT_SET_EVAL)) return policy::Set::Kind::rates;
  return policy::Set::Kind::foreign;
}

policy::Hook hook_of(Bytes hook, const std::string& type) {
  const auto number = find_u32(hook, NFTA_HOOK_HOOKNUM);
  if (!number || type != "filter") return policy::Hook::none;
  switch (*number) {
    case NF_INET_LOCAL_IN: return policy::Hook::input;
    case NF_INET_FORWARD: return policy::Hook::forward;
    case NF_INET_LOCAL_OUT: return policy::Hook::output;
    default: return policy::Hook::none;
  }
}

}  // namespace

std::optional<RunningRule> decode_rule(Bytes attributes) {
  if (find_text(attributes, NFTA_RULE_TABLE) != policy::kTable) return std::nullopt;
  RunningRule out{.chain = find_text(attributes, NFTA_RULE_CHAIN), .rule = {}};
  out.rule.name = comment_in(find_body(attributes, NFTA_RULE_USERDATA));
  ExpressionReader in(find_body(attributes, NFTA_RULE_EXPRESSIONS));
  while (!in.at_end()) {
    const auto code = in.last_verdict();
    if (const auto verdict = code ? verdict_of(*code) : std::nullopt) {
      out.rule.verdict = *verdict;
      return out;
    }
    out.rule.matches.push_back(in.match());
  }
  out.rule.matches.emplace_back(policy::Foreign{});  // ends without a verdict
  return out;
}

std::optional<policy::Set> decode_set(Bytes attributes) {
  if (find_text(attributes, NFTA_SET_TABLE) != policy::kTable) return std::nullopt;
  policy::Set set;
  set.name = find_text(attributes, NFTA_SET_NAME);
  set.kind = kind_of(attributes);
  const std::uint32_t key = find_u32(attributes, NFTA_SET_KEY_LEN).value_or(0);
  set.family = key == policy::address_bytes(IpFamily::v6) ? IpFamily::v6 : IpFamily::v4;
  if (key != policy::address_bytes(set.family)) set.kind = policy::Set::Kind::foreign;
  set.size = find_u32(find_body(attributes, NFTA_SET_DESC), NFTA_SET_DESC_SIZE).value_or(0);
  const std::uint64_t milliseconds = find_u64(attributes, NFTA_SET_TIMEOUT).value_or(0);
  set.timeout = std::chrono::seconds(milliseconds / 1000);
  return set;
}

std::optional<policy::Chain> decode_chain(Bytes attributes) {
  if (find_text(attributes, NFTA_CHAIN_TABLE) != policy::kTable) return std::nullopt;
  policy::Chain chain;
  chain.name = find_text(attributes, NFTA_CHAIN_NAME);
  const Bytes hook = find_body(attributes, NFTA_CHAIN_HOOK);
  chain.hook = hook_of(hook, find_text(attributes, NFTA_CHAIN_TYPE));
  chain.priority = static_cast<std::int32_t>(find_u32(hook, NFTA_HOOK_PRIORITY).value_or(0));
  chain.policy = verdict_of(find_u32(attributes, NFTA_CHAIN_POLICY).value_or(NF_ACCEPT))
                     .value_or(policy::Verdict::accept);
  return chain;
}

std::size_t count_elements(Bytes attributes) {
  std::size_t count = 0;
  Attributes elements(find_body(attributes, NFTA_SET_ELEM_LIST_ELEMENTS));
  while (elements.next()) ++count;
  return count;
}

}  // namespace cloister::firewall::nft
