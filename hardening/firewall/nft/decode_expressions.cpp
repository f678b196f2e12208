#include "firewall/nft/decode_expressions.h"

#include <netinet/in.h>
// glibc's headers first: the kernel's declare the same
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <algorithm>

#include "firewall/nft/expressions.h"

namespace cloister::firewall::nft {
namespace {

using policy::End;
using policy::Match;

constexpr std::size_t kMostExpressions = 64;  // a rule of ours has at most 16

bool in_register_1(Bytes data, std::uint16_t attribute) { return find_u32(data, attribute) == NFT_REG_1; }
Bytes value_in(Bytes data, std::uint16_t attribute) {
  return find_body(find_body(data, attribute), NFTA_DATA_VALUE);
}

// A number that the kernel keeps in its own byte order.
std::uint32_t host_u32(Bytes in) {
  std::uint32_t value = 0;
  std::memcpy(&value, in.data(), sizeof value);
  return value;
}

bool is_zero(Bytes in) {
  return std::ranges::all_of(in, [](std::byte b) { return b == std::byte{0}; });
}

bool is_loopback_name(Bytes name) {
  return name.size() == kInterfaceName && Attribute{0, name}.text() == "lo" && is_zero(name.subspan(2));
}

// How many leading bits are set; nothing when others are set too.
std::optional<std::uint8_t> length_of(Bytes mask) {
  std::uint8_t length = 0;
  while (length < mask.size() * 8 && (get_u8(mask, length / 8U) & 0x80U >> length % 8U) != 0) ++length;
  const auto whole = policy::mask_of(length);
  const bool plain = std::ranges::equal(mask, std::as_bytes(std::span(whole)).first(mask.size()));
  return plain ? std::optional(length) : std::nullopt;
}

std::optional<policy::Limit> limit_in(Bytes data, std::uint32_t flags) {
  const auto count = find_u64(data, NFTA_LIMIT_RATE);
  const auto per = find_u64(data, NFTA_LIMIT_UNIT);
  const auto burst = find_u32(data, NFTA_LIMIT_BURST);
  constexpr std::uint64_t kWeek = 7 * 86400;
  if (!count || !per || !burst || *per > kWeek) return std::nullopt;
  if (find_u32(data, NFTA_LIMIT_TYPE) != NFT_LIMIT_PKTS ||
      find_u32(data, NFTA_LIMIT_FLAGS).value_or(0) != flags)
    return std::nullopt;
  return policy::Limit{*count, std::chrono::seconds(*per), *burst};
}

// The limit that a set keeps per element.
std::optional<policy::Limit> limit_of_elements(Bytes dynset) {
  Bytes one = find_body(dynset, NFTA_DYNSET_EXPR);
  if (one.empty()) one = find_body(find_body(dynset, NFTA_DYNSET_EXPRESSIONS), NFTA_LIST_ELEM);
  if (find_text(one, NFTA_EXPR_NAME) != "limit") return std::nullopt;
  return limit_in(find_body(one, NFTA_EXPR_DATA), NFT_LIMIT_F_INV);
}

}  // namespace

ExpressionReader::ExpressionReader(Bytes expressions) {
  Attributes list(expressions);
  while (const auto each = list.next()) {
    if (expressions_.size() == kMostExpressions) break;
    expressions_.push_back({find_text(each->body, NFTA_EXPR_NAME), find_body(each->body, NFTA_EXPR_DATA)});
  }
}

std::optional<std::uint32_t> ExpressionReader::last_verdict() const {
  if (at_ + 1 != expressions_.size() || expressions_[at_].name != "immediate") return std::nullopt;
  const Bytes data = expressions_[at_].data;
  if (find_u32(data, NFTA_IMMEDIATE_DREG) != NFT_REG_VERDICT) return std::nullopt;
  const Bytes verdict = find_body(find_body(data, NFTA_IMMEDIATE_DATA), NFTA_DATA_VERDICT);
  return find_u32(verdict, NFTA_VERDICT_CODE);
}

Match ExpressionReader::match() {
  const std::size_t start = at_;
  for (const auto read : {&ExpressionReader::match_meta, &ExpressionReader::match_payload,
                          &ExpressionReader::match_state, &ExpressionReader::match_limit}) {
    if (auto found = (this->*read)()) return *found;
    at_ = start;
  }
  ++at_;
  return policy::Foreign{};
}

const ExpressionReader::Expression* ExpressionReader::next(const char* name) {
  if (at_end() || expressions_[at_].name != name) return nullptr;
  return &expressions_[at_++];
}

std::optional<std::uint32_t> ExpressionReader::meta() {
  const Expression* found = next("meta");
  if (!found || !in_register_1(found->data, NFTA_META_DREG)) return std::nullopt;
  return find_u32(found->data, NFTA_META_KEY);
}

std::optional<ExpressionReader::Comparison> ExpressionReader::compare() {
  const Expression* found = next("cmp");
  if (!found || !in_register_1(found->data, NFTA_CMP_SREG)) return std::nullopt;
  const auto how = find_u32(found->data, NFTA_CMP_OP);
  return how ? std::optional(Comparison{*how, value_in(found->data, NFTA_CMP_DATA)}) : std::nullopt;
}

std::optional<ExpressionReader::Comparison> ExpressionReader::compare(std::uint32_t how, std::size_t size) {
  const auto comparison = compare();
  return comparison && comparison->how == how && comparison->with.size() == size ? comparison : std::nullopt;
}

std::optional<Bytes> ExpressionReader::mask(std::size_t size) {
  const Expression* found = next("bitwise");
  if (!found || !in_register_1(found->data, NFTA_BITWISE_SREG) ||
      !in_register_1(found->data, NFTA_BITWISE_DREG))
    return std::nullopt;
  if (find_u32(found->data, NFTA_BITWISE_OP).value_or(NFT_BITWISE_BOOL) != NFT_BITWISE_BOOL)
    return std::nullopt;
  const Bytes mask = value_in(found->data, NFTA_BITWISE_MASK);
  return mask.size() == size && is_zero(value_in(found->data, NFTA_BITWISE_XOR)) ? std::optional(mask)
                                                                                 : std::nullopt;
}

std::optional<Match> ExpressionReader::match_meta() {
  const auto key = meta();
  const auto value = key ? compare() : std::nullopt;
  if (!value || value->how != NFT_CMP_EQ) return std::nullopt;
  const Bytes with = value->with;
  switch (*key) {
    case NFT_META_NFPROTO:
      if (with.size() != 1 || (get_u8(with, 0) != NFPROTO_IPV4 && get_u8(with, 0) != NFPROTO_IPV6)) break;
      return policy::OfFamily{get_u8(with, 0) == NFPROTO_IPV4 ? IpFamily::v4 : IpFamily::v6};
    case NFT_META_L4PROTO:
      if (with.size() != 1) break;
      return policy::OfProtocol{get_u8(with, 0)};
    case NFT_META_SKUID:
      if (with.size() != 4) break;
      return policy::OfUser{host_u32(with)};
    case NFT_META_IIFNAME:
    case NFT_META_OIFNAME:
      if (!is_loopback_name(with)) break;
      return policy::OverLoopback{*key == NFT_META_IIFNAME ? End::source : End::destination};
    default: break;
  }
  return std::nullopt;
}

std::optional<Match> ExpressionReader::match_payload() {
  const Expression* found = next("payload");
  if (!found || !in_register_1(found->data, NFTA_PAYLOAD_DREG)) return std::nullopt;
  const auto base = find_u32(found->data, NFTA_PAYLOAD_BASE);
  const std::uint32_t offset = find_u32(found->data, NFTA_PAYLOAD_OFFSET).value_or(~0U);
  const std::uint32_t length = find_u32(found->data, NFTA_PAYLOAD_LEN).value_or(0);
  if (base == NFT_PAYLOAD_TRANSPORT_HEADER) return match_transport(offset, length);
  if (base != NFT_PAYLOAD_NETWORK_HEADER) return std::nullopt;
  if (offset != kHopLimitOffset || length != 1) return match_address(offset, length);
  const auto hops = compare(NFT_CMP_EQ, 1);
  return hops ? std::optional<Match>(policy::OfHopLimit{get_u8(hops->with, 0)}) : std::nullopt;
}

std::optional<Match> ExpressionReader::match_transport(std::uint32_t offset, std::uint32_t length) {
  if (length == 2 && offset == 0) return match_ports(End::source);
  if (length == 2 && offset == 2) return match_ports(End::destination);
  if (length != 1 || offset != 0) return std::nullopt;
  const auto type = compare(NFT_CMP_EQ, 1);
  return type ? std::optional<Match>(policy::OfIcmpType{get_u8(type->with, 0)}) : std::nullopt;
}

std::optional<Match> ExpressionReader::match_ports(End end) {
  const auto first = compare();
  if (!first || first->with.size() != 2) return std::nullopt;
  const std::uint16_t port = get_u16(first->with, 0);
  if (first->how == NFT_CMP_EQ)
    return policy::OfPorts{
        end, {port, port}
    };
  if (first->how != NFT_CMP_GTE) return std::nullopt;
  const auto last = compare(NFT_CMP_LTE, 2);
  return last ? std::optional<Match>(policy::OfPorts{
                    end, {port, get_u16(last->with, 0)}
  })
              : std::nullopt;
}

std::optional<Match> ExpressionReader::match_address(std::uint32_t offset, std::uint32_t length) {
  const IpFamily family = length == 4 ? IpFamily::v4 : IpFamily::v6;
  const AddressField field{offset, length};
  const bool is_source = field == address_field(family, End::source);
  if (!is_source && field != address_field(family, End::destination)) return std::nullopt;
  const std::size_t start = at_;
  if (is_source) {
    if (auto found = match_set(family)) return found;
    at_ = start;
  }
  std::uint8_t bits = policy::address_bits(family);
  if (const auto masked = mask(length)) {
    const auto some = length_of(*masked);
    if (!some) return std::nullopt;
    bits = *some;
  } else {
    at_ = start;
  }
  const auto network = compare(NFT_CMP_EQ, length);
  if (!network) return std::nullopt;
  policy::InNetwork out{
      is_source ? End::source : End::destination, {family, {}, bits}
  };
  std::memcpy(out.network.address.data(), network->with.data(), length);
  return out;
}

std::optional<Match> ExpressionReader::match_set(IpFamily family) {
  const std::uint8_t bits = policy::source_bits(family);
  if (bits != policy::address_bits(family)) {
    const auto masked = mask(policy::address_bytes(family));
    if (!masked || length_of(*masked) != bits) return std::nullopt;
  }
  if (const Expression* lookup = next("lookup")) {
    if (!in_register_1(lookup->data, NFTA_LOOKUP_SREG) ||
        find_u32(lookup->data, NFTA_LOOKUP_FLAGS).value_or(0) != 0)
      return std::nullopt;
    return policy::SourceIn{find_text(lookup->data, NFTA_LOOKUP_SET), family};
  }
  const Expression* update = next("dynset");
  if (!update || !in_register_1(update->data, NFTA_DYNSET_SREG_KEY) ||
      find_u32(update->data, NFTA_DYNSET_OP) != NFT_DYNSET_OP_UPDATE ||
      find_u64(update->data, NFTA_DYNSET_TIMEOUT).value_or(0) != 0)
    return std::nullopt;
  const auto limit = limit_of_elements(update->data);
  if (!limit) return std::nullopt;
  return policy::SourceOver{find_text(update->data, NFTA_DYNSET_SET_NAME), family, *limit};
}

std::optional<Match> ExpressionReader::match_state() {
  const Expression* state = next("ct");
  if (!state || !in_register_1(state->data, NFTA_CT_DREG) ||
      find_u32(state->data, NFTA_CT_KEY) != NFT_CT_STATE)
    return std::nullopt;
  const auto bits = mask(4);
  const auto zero = bits ? compare(NFT_CMP_NEQ, 4) : std::nullopt;
  if (!zero || !is_zero(zero->with)) return std::nullopt;
  return policy::InState{host_u32(*bits)};
}

std::optional<Match> ExpressionReader::match_limit() {
  const Expression* found = next("limit");
  const auto limit = found ? limit_in(found->data, 0) : std::nullopt;
  return limit ? std::optional<Match>(policy::Within{*limit}) : std::nullopt;
}

}  // namespace cloister::firewall::nft
