// A network: an address and how many of its leading bits count. "192.0.2.0/24", "2001:db8::/32"; an address
// alone is a network of one. Networks come from the operator's settings and may be printed; the address of a
// participant is a SocketAddress and may not.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/socket_address.h"

namespace cloister::firewall::policy {

constexpr std::uint8_t address_bits(IpFamily family) { return family == IpFamily::v4 ? 32 : 128; }
constexpr std::size_t address_bytes(IpFamily family) { return address_bits(family) / 8U; }

struct Prefix {
  IpFamily family = IpFamily::v4;
  std::array<std::uint8_t, 16> address{};  // network order, the bits behind `length` zero
  std::uint8_t length = 0;

  // Nothing for what is no address, a length past the family's bits, or bits set behind the length.
  static std::optional<Prefix> parse(std::string_view text);
  // The network of `length` bits that an address lies in.
  static Prefix around(const SocketAddress& address, std::uint8_t length);
  std::string text() const;
  // Some address lies in both.
  bool overlaps(const Prefix& other) const;

  friend bool operator==(const Prefix&, const Prefix&) = default;
};

// The first `length` bits set.
std::array<std::uint8_t, 16> mask_of(std::uint8_t length);

}  // namespace cloister::firewall::policy
