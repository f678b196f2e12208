#include "firewall/nft/expressions.h"

#include <netinet/in.h>
// glibc's headers first: the kernel's declare the same
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <span>

#include "base/assert.h"
#include "base/bytes.h"

namespace cloister::firewall::nft {
namespace {

using policy::End;

template <class T>
Bytes bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

// Every match works in register 1; it is free again behind each.
class Writer {
public:
  explicit Writer(nftnl_rule& rule) : rule_(rule) {}

  void operator()(const policy::OfFamily& m) {
    meta(NFT_META_NFPROTO);
    compare(NFT_CMP_EQ, bytes_of(std::uint8_t{m.family == IpFamily::v4 ? std::uint8_t{NFPROTO_IPV4}
                                                                       : std::uint8_t{NFPROTO_IPV6}}));
  }
  void operator()(const policy::OfProtocol& m) {
    meta(NFT_META_L4PROTO);
    compare(NFT_CMP_EQ, bytes_of(m.number));
  }
  void operator()(const policy::OfPorts& m) {
    payload(NFT_PAYLOAD_TRANSPORT_HEADER, m.end == End::source ? 0 : 2, 2);
    const std::uint16_t first = htons(m.range.first);
    const std::uint16_t last = htons(m.range.last);
    if (first == last) return compare(NFT_CMP_EQ, bytes_of(first));
    compare(NFT_CMP_GTE, bytes_of(first));
    compare(NFT_CMP_LTE, bytes_of(last));
  }
  void operator()(const policy::OfIcmpType& m) {
    payload(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1);
    compare(NFT_CMP_EQ, bytes_of(m.type));
  }
  void operator()(const policy::OfHopLimit& m) {
    payload(NFT_PAYLOAD_NETWORK_HEADER, kHopLimitOffset, 1);
    compare(NFT_CMP_EQ, bytes_of(m.hops));
  }
  void operator()(const policy::OverLoopback& m) {
    meta(m.end == End::source ? NFT_META_IIFNAME : NFT_META_OIFNAME);
    const std::array<char, kInterfaceName> name{'l', 'o'};
    compare(NFT_CMP_EQ, bytes_of(name));
  }
  void operator()(const policy::InState& m) {
    nftnl_expr* state = add("ct");
    nftnl_expr_set_u32(state, NFTNL_EXPR_CT_KEY, NFT_CT_STATE);
    nftnl_expr_set_u32(state, NFTNL_EXPR_CT_DREG, NFT_REG_1);
    mask(bytes_of(m.any_of));
    compare(NFT_CMP_NEQ, bytes_of(std::uint32_t{0}));
  }
  void operator()(const policy::OfUser& m) {
    meta(NFT_META_SKUID);
    compare(NFT_CMP_EQ, bytes_of(m.number));
  }
  void operator()(const policy::InNetwork& m) {
    address(m.network.family, m.end, m.network.length);
    compare(NFT_CMP_EQ,
            std::as_bytes(std::span(m.network.address)).first(policy::address_bytes(m.network.family)));
  }
  void operator()(const policy::SourceIn& m) {
    address(m.family, End::source, policy::source_bits(m.family));
    nftnl_expr* lookup = add("lookup");
    nftnl_expr_set_u32(lookup, NFTNL_EXPR_LOOKUP_SREG, NFT_REG_1);
    nftnl_expr_set_str(lookup, NFTNL_EXPR_LOOKUP_SET, m.set.c_str());
  }
  void operator()(const policy::SourceOver& m) {
    address(m.family, End::source, policy::source_bits(m.family));
    nftnl_expr* update = add("dynset");
    nftnl_expr_set_u32(update, NFTNL_EXPR_DYNSET_SREG_KEY, NFT_REG_1);
    nftnl_expr_set_u32(update, NFTNL_EXPR_DYNSET_OP, NFT_DYNSET_OP_UPDATE);
    nftnl_expr_set_str(update, NFTNL_EXPR_DYNSET_SET_NAME, m.set.c_str());
    nftnl_expr_set_u32(update, NFTNL_EXPR_DYNSET_FLAGS, NFT_DYNSET_F_EXPR);
    nftnl_expr_add_expr(update, NFTNL_EXPR_DYNSET_EXPRESSIONS, limit(m.limit, NFT_LIMIT_F_INV));
  }
  void operator()(const policy::Within& m) { nftnl_rule_add_expr(&rule_, limit(m.limit, 0)); }
  void operator()(const policy::Foreign&) { ASSERT(false); }

  void verdict(policy::Verdict verdict) {
    nftnl_expr* immediate = add("immediate");
    nftnl_expr_set_u32(immediate, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
    nftnl_expr_set_u32(immediate, NFTNL_EXPR_IMM_VERDICT,
                       verdict == policy::Verdict::accept ? NF_ACCEPT : NF_DROP);
  }

private:
  nftnl_expr* add(const char* name) {
    nftnl_expr* expression = nftnl_expr_alloc(name);
    ASSERT(expression);
    nftnl_rule_add_expr(&rule_, expression);
    return expression;
  }
  void meta(std::uint32_t key) {
    nftnl_expr* meta = add("meta");
    nftnl_expr_set_u32(meta, NFTNL_EXPR_META_KEY, key);
    nftnl_expr_set_u32(meta, NFTNL_EXPR_META_DREG, NFT_REG_1);
  }
  void payload(std::uint32_t base, std::uint32_t offset, std::uint32_t length) {
    nftnl_expr* payload = add("payload");
    nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_DREG, NFT_REG_1);
    nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_BASE, base);
    nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_OFFSET, offset);
    nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_LEN, length);
  }
  void compare(std::uint32_t how, Bytes with) {
    nftnl_expr* compare = add("cmp");
    nftnl_expr_set_u32(compare, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
    nftnl_expr_set_u32(compare, NFTNL_EXPR_CMP_OP, how);
    nftnl_expr_set(compare, NFTNL_EXPR_CMP_DATA, with.data(), static_cast<std::uint32_t>(with.size()));
  }
  void mask(Bytes with) {
    const std::array<std::byte, 16> zeros{};
    const auto size = static_cast<std::uint32_t>(with.size());
    nftnl_expr* bitwise = add("bitwise");
    nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
    nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
    nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_LEN, size);
    nftnl_expr_set(bitwise, NFTNL_EXPR_BITWISE_MASK, with.data(), size);
    nftnl_expr_set(bitwise, NFTNL_EXPR_BITWISE_XOR, zeros.data(), size);
  }
  // The leading bits of an address of the packet.
  void address(IpFamily family, End end, std::uint8_t bits) {
    const AddressField field = address_field(family, end);
    payload(NFT_PAYLOAD_NETWORK_HEADER, field.offset, field.length);
    if (bits == policy::address_bits(family)) return;
    const auto leading = policy::mask_of(bits);
    mask(std::as_bytes(std::span(leading)).first(field.length));
  }
  static nftnl_expr* limit(const policy::Limit& of, std::uint32_t flags) {
    nftnl_expr* limit = nftnl_expr_alloc("limit");
    ASSERT(limit);
    nftnl_expr_set_u64(limit, NFTNL_EXPR_LIMIT_RATE, of.count);
    nftnl_expr_set_u64(limit, NFTNL_EXPR_LIMIT_UNIT, static_cast<std::uint64_t>(of.per.count()));
    nftnl_expr_set_u32(limit, NFTNL_EXPR_LIMIT_BURST, of.burst);
    nftnl_expr_set_u32(limit, NFTNL_EXPR_LIMIT_TYPE, NFT_LIMIT_PKTS);
    nftnl_expr_set_u32(limit, NFTNL_EXPR_LIMIT_FLAGS, flags);
    return limit;
  }

  nftnl_rule& rule_;
};

}  // namespace

void write_expressions(nftnl_rule& rule, const policy::Rule& from) {
  Writer writer(rule);
  for (const policy::Match& match : from.matches) std::visit(writer, match);
  writer.verdict(from.verdict);
}

}  // namespace cloister::firewall::nft
