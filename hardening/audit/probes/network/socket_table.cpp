#include "audit/probes/network/socket_table.h"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

constexpr std::string_view kListening = "0A";  // include/net/tcp_states.h
constexpr std::string_view kNoPeer = "07";     // an UDP socket that is not connected

// The bytes of an address as they travel.
std::optional<std::vector<std::uint8_t>> address_bytes(std::string_view hex) {
  if (hex.size() != 8 && hex.size() != 32) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  for (; !hex.empty(); hex.remove_prefix(8)) {
    const auto word = number(hex.substr(0, 8), 16);
    if (!word) return std::nullopt;
    const auto value = static_cast<std::uint32_t>(*word);
    std::array<std::uint8_t, 4> part{};
    std::memcpy(part.data(), &value, part.size());
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  return bytes;
}

// ::ffff:127.0.0.1 is one too (RFC 4291 §2.5.5.2).
bool is_loopback(const std::vector<std::uint8_t>& bytes) {
  if (bytes.size() == 4) return bytes[0] == 127;
  const bool zeros = std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t b) { return b == 0; });
  if (zeros && bytes[10] == 0xff && bytes[11] == 0xff) return bytes[12] == 127;
  return std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t b) { return b == 0; }) &&
         bytes.back() == 1;
}

std::string address_text(const std::vector<std::uint8_t>& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
  return bytes.size() == 4 ? text.data() : fmt::format("[{}]", text.data());
}

std::optional<Listener> parse_line(std::string_view line, std::string_view protocol) {
  const auto words = words_of(line);
  if (words.size() < 10 || words[3] != (protocol == "tcp" ? kListening : kNoPeer)) return std::nullopt;
  const auto local = split_at(words[1], ':');
  if (!local) return std::nullopt;
  const auto bytes = address_bytes(local->first);
  const auto port = number(local->second, 16);
  const auto inode = number(words[9]);
  if (!bytes || !port || *port < 0 || *port > 0xffff || !inode || *inode < 0) return std::nullopt;
  return Listener{
      .protocol = std::string(protocol),
      .address = address_text(*bytes),
      .port = static_cast<std::uint16_t>(*port),
      .inode = static_cast<std::uint64_t>(*inode),
      .loopback = is_loopback(*bytes),
      .ipv6 = bytes->size() == 16,
      .any_address = std::all_of(bytes->begin(), bytes->end(), [](std::uint8_t b) { return b == 0; }),
  };
}

}  // namespace

std::string Listener::text() const { return fmt::format("{} {}:{}", protocol, address, port); }

std::vector<Listener> parse_sockets(std::string_view table, std::string_view protocol) {
  std::vector<Listener> listeners;
  for (const Line& line : lines_of(table, ""))
    if (auto listener = parse_line(line.text, protocol); listener) listeners.push_back(std::move(*listener));
  return listeners;
}

}  // namespace cloister::audit::probes
