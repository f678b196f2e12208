// A rule of ours in nf_tables' expressions. decode.h is the way back; the two are changed together.
#pragma once

#include "firewall/policy/ruleset.h"

struct nftnl_rule;

namespace cloister::firewall::nft {

// Offsets and lengths in the heads of IPv4 (RFC 791 §3.1) and IPv6 (RFC 8200 §3).
struct AddressField {
  std::uint32_t offset;
  std::uint32_t length;
  friend bool operator==(const AddressField&, const AddressField&) = default;
};
constexpr AddressField address_field(IpFamily family, policy::End end) {
  if (family == IpFamily::v4) return {end == policy::End::source ? 12U : 16U, 4};
  return {end == policy::End::source ? 8U : 24U, 16};
}
inline constexpr std::uint32_t kHopLimitOffset = 7;  // RFC 8200 §3
inline constexpr std::size_t kInterfaceName = 16;    // IFNAMSIZ

// Appends all matches and the verdict. A Foreign match cannot be written: policy never makes one.
void write_expressions(nftnl_rule& rule, const policy::Rule& from);

}  // namespace cloister::firewall::nft
