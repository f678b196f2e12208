#include "cli/doctor/sockets.h"

#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>

namespace cloister::cli::doctor {
namespace {

constexpr std::string_view kListening = "0A";    // the kernel's TCP_LISTEN
constexpr std::string_view kUnconnected = "07";  // its TCP_CLOSE, which is what UDP sockets are in

std::optional<std::uint32_t> hex(std::string_view text) {
  std::uint32_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

// "0100007F:1F90": words of the address in this machine's order, little-endian here.
std::optional<SocketAddress> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon != 8 && colon != 32) return std::nullopt;
  const auto port = hex(text.substr(colon + 1));
  if (!port || *port > 0xffff) return std::nullopt;
  std::array<std::uint8_t, 16> ip{};
  for (std::size_t word = 0; word < colon / 8; ++word) {
    const auto value = hex(text.substr(word * 8, 8));
    if (!value) return std::nullopt;
    for (std::size_t byte = 0; byte < 4; ++byte)
      ip[word * 4 + byte] = static_cast<std::uint8_t>(*value >> (8 * byte));
  }
  const auto number = static_cast<std::uint16_t>(*port);
  if (colon == 8) return SocketAddress::v4({ip[0], ip[1], ip[2], ip[3]}, number);
  return SocketAddress::v6(ip, number);
}

void append(const char* file, Transport transport, std::vector<SocketAddress>& to) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  const auto found = parse_listeners(text.view(), transport);
  to.insert(to.end(), found.begin(), found.end());
}

}  // namespace

std::vector<SocketAddress> parse_listeners(std::string_view table, Transport transport) {
  const std::string_view wanted = transport == Transport::tcp ? kListening : kUnconnected;
  std::vector<SocketAddress> out;
  std::istringstream lines{std::string(table)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string number, local, remote, state;
    if (!(fields >> number >> local >> remote >> state) || state != wanted) continue;
    if (const auto endpoint = parse_endpoint(local)) out.push_back(*endpoint);
  }
  return out;
}

std::vector<SocketAddress> listeners(Transport transport) {
  std::vector<SocketAddress> out;
  const bool tcp = transport == Transport::tcp;
  append(tcp ? "/proc/net/tcp" : "/proc/net/udp", transport, out);
  append(tcp ? "/proc/net/tcp6" : "/proc/net/udp6", transport, out);
  return out;
}

}  // namespace cloister::cli::doctor
