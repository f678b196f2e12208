// An IP address and UDP port, v4 or v6. Belongs to a person: no text form but for the wire (candidates, XML).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace cloister {

enum class IpFamily : std::uint8_t { v4 = 4, v6 = 6 };

// IPv4 is kept as such; an IPv4-mapped IPv6 address (::ffff:a.b.c.d) is turned into IPv4 on the way in.
class SocketAddress {
public:
  SocketAddress() = default;
  static SocketAddress v4(std::array<std::uint8_t, 4> address, std::uint16_t port);
  static SocketAddress v6(const std::array<std::uint8_t, 16>& address, std::uint16_t port);
  // "192.0.2.1" or "2001:db8::1"; nothing for host names and for anything else.
  static std::optional<SocketAddress> parse(std::string_view ip, std::uint16_t port);

  IpFamily family() const { return family_; }
  std::uint16_t port() const { return port_; }
  // 4 or 16 bytes, network order.
  Bytes ip() const { return std::as_bytes(std::span(ip_)).first(family_ == IpFamily::v4 ? 4 : 16); }
  SocketAddress with_port(std::uint16_t port) const;

  bool is_unspecified() const;
  bool is_loopback() const;
  bool is_link_local() const;
  // RFC 1918, RFC 4193 (fc00::/7), RFC 6598 shared address space.
  bool is_private() const;

  // For candidates on the wire only.
  std::string ip_text_for_wire() const;

  friend bool operator==(const SocketAddress&, const SocketAddress&) = default;
  friend auto operator<=>(const SocketAddress&, const SocketAddress&) = default;

private:
  std::array<std::uint8_t, 16> ip_{};
  std::uint16_t port_ = 0;
  IpFamily family_ = IpFamily::v4;
};

std::ostream& operator<<(std::ostream&, const SocketAddress&) = delete;

}  // namespace cloister

template <>
struct std::hash<cloister::SocketAddress> {
  std::size_t operator()(const cloister::SocketAddress& address) const noexcept;
};
