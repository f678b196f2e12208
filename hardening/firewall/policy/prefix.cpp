#include "firewall/policy/prefix.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace cloister::firewall::policy {
namespace {

std::optional<std::uint8_t> parse_length(std::string_view text, std::uint8_t most) {
  unsigned length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc{} || end != text.data() + text.size() || length > most) return std::nullopt;
  return static_cast<std::uint8_t>(length);
}

}  // namespace

std::array<std::uint8_t, 16> mask_of(std::uint8_t length) {
  std::array<std::uint8_t, 16> mask{};
  for (std::size_t bit = 0; bit < length && bit < 128; ++bit)
    mask[bit / 8] = static_cast<std::uint8_t>(mask[bit / 8] | 0x80U >> bit % 8);
  return mask;
}

std::optional<Prefix> Prefix::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = SocketAddress::parse(text.substr(0, slash), 0);
  if (!address) return std::nullopt;
  Prefix prefix{.family = address->family(), .address = {}, .length = address_bits(address->family())};
  if (slash != std::string_view::npos) {
    const auto length = parse_length(text.substr(slash + 1), prefix.length);
    if (!length) return std::nullopt;
    prefix.length = *length;
  }
  const Prefix network = around(*address, prefix.length);
  prefix.address = around(*address, address_bits(prefix.family)).address;
  if (!(prefix == network)) return std::nullopt;
  return prefix;
}

Prefix Prefix::around(const SocketAddress& address, std::uint8_t length) {
  Prefix prefix{.family = address.family(), .address = {}, .length = length};
  const auto mask = mask_of(length);
  for (std::size_t i = 0; i < address.ip().size(); ++i)
    prefix.address[i] = static_cast<std::uint8_t>(get_u8(address.ip(), i) & mask[i]);
  return prefix;
}

std::string Prefix::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  inet_ntop(family == IpFamily::v4 ? AF_INET : AF_INET6, address.data(), out.data(), out.size());
  return out.data() + (length == address_bits(family) ? std::string() : "/" + std::to_string(length));
}

bool Prefix::overlaps(const Prefix& other) const {
  if (other.family != family) return false;
  const auto mask = mask_of(std::min(length, other.length));
  for (std::size_t i = 0; i < mask.size(); ++i)
    if ((address[i] & mask[i]) != (other.address[i] & mask[i])) return false;
  return true;
}

}  // namespace cloister::firewall::policy
