#include "base/socket_address.h"

#include <arpa/inet.h>

#include <algorithm>

namespace cloister {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

SocketAddress SocketAddress::v4(std::array<std::uint8_t, 4> address, std::uint16_t port) {
  SocketAddress out;
  std::ranges::copy(address, out.ip_.begin());
  out.port_ = port;
  return out;
}

SocketAddress SocketAddress::v6(const std::array<std::uint8_t, 16>& address, std::uint16_t port) {
  if (std::ranges::equal(kMappedPrefix, std::span(address).first(12)))
    return v4({address[12], address[13], address[14], address[15]}, port);
  SocketAddress out;
  out.ip_ = address;
  out.port_ = port;
  out.family_ = IpFamily::v6;
  return out;
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view ip, std::uint16_t port) {
  const std::string text(ip);
  if (std::array<std::uint8_t, 4> a4{}; inet_pton(AF_INET, text.c_str(), a4.data()) == 1) return v4(a4, port);
  if (std::array<std::uint8_t, 16> a6{}; inet_pton(AF_INET6, text.c_str(), a6.data()) == 1)
    return v6(a6, port);
  return std::nullopt;
}

SocketAddress SocketAddress::with_port(std::uint16_t port) const {
  SocketAddress out = *this;
  out.port_ = port;
  return out;
}

bool SocketAddress::is_unspecified() const {
  return std::ranges::all_of(ip_, [](std::uint8_t b) { return b == 0; });
}

bool SocketAddress::is_loopback() const {
  if (family_ == IpFamily::v4) return ip_[0] == 127;
  return ip_[15] == 1 && std::all_of(ip_.begin(), ip_.end() - 1, [](std::uint8_t b) { return b == 0; });
}

bool SocketAddress::is_link_local() const {
  if (family_ == IpFamily::v4) return ip_[0] == 169 && ip_[1] == 254;
  return ip_[0] == 0xfe && (ip_[1] & 0xc0U) == 0x80;
}

bool SocketAddress::is_private() const {
  if (family_ == IpFamily::v6) return (ip_[0] & 0xfeU) == 0xfc;
  return ip_[0] == 10 || (ip_[0] == 172 && (ip_[1] & 0xf0U) == 16) || (ip_[0] == 192 && ip_[1] == 168) ||
         (ip_[0] == 100 && (ip_[1] & 0xc0U) == 64);
}

std::string SocketAddress::ip_text_for_wire() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = family_ == IpFamily::v4 ? AF_INET : AF_INET6;
  return inet_ntop(family, ip_.data(), text.data(), text.size()) != nullptr ? text.data() : "";
}

}  // namespace cloister

std::size_t std::hash<cloister::SocketAddress>::operator()(
    const cloister::SocketAddress& address) const noexcept {
  // FNV-1a; attackers choose addresses, but each table is bounded and forgets unauthenticated ones.
  std::size_t out = 0xcbf29ce484222325U;
  const auto mix = [&out](std::uint8_t b) { out = (out ^ b) * 0x100000001b3U; };
  for (const std::byte b : address.ip()) mix(std::to_integer<std::uint8_t>(b));
  mix(static_cast<std::uint8_t>(address.port() >> 8));
  mix(static_cast<std::uint8_t>(address.port() & 0xffU));
  return out;
}
