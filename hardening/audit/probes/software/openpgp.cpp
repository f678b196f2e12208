#include "audit/probes/software/openpgp.h"

#include <fmt/core.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

constexpr unsigned kPublicKey = 6;  // RFC 4880 §4.3
constexpr std::string_view kBegin = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

unsigned at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

struct Packet {
  unsigned tag = 0;
  std::string_view body;
};

struct Length {
  std::size_t octets = 0;  // of the length itself
  std::size_t body = 0;
};

std::size_t big_endian(std::string_view bytes, std::size_t from, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | at(bytes, from + i);
  return value;
}

// RFC 4880 §4.2.2; partial lengths are for data, never for keys.
std::optional<Length> new_length(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const unsigned first = at(bytes, 1);
  if (first < 192) return Length{1, first};
  if (first < 224 && bytes.size() >= 3) return Length{2, (first - 192U) * 256U + at(bytes, 2) + 192U};
  if (first == 255 && bytes.size() >= 6) return Length{5, big_endian(bytes, 2, 4)};
  return std::nullopt;
}

// RFC 4880 §4.2.1
std::optional<Length> old_length(std::string_view bytes) {
  const unsigned type = at(bytes, 0) & 3U;
  if (type == 3) return Length{0, bytes.size() - 1};
  const std::size_t octets = std::size_t{1} << type;
  if (bytes.size() < 1 + octets) return std::nullopt;
  return Length{octets, big_endian(bytes, 1, octets)};
}

std::optional<Packet> take_packet(std::string_view& bytes) {
  const unsigned head = at(bytes, 0);
  if ((head & 0x80U) == 0) return std::nullopt;
  const bool is_new = (head & 0x40U) != 0;
  const auto length = is_new ? new_length(bytes) : old_length(bytes);
  if (!length || bytes.size() - 1 - length->octets < length->body) return std::nullopt;
  Packet packet{is_new ? head & 0x3fU : (head >> 2U) & 0xfU, bytes.substr(1 + length->octets, length->body)};
  bytes.remove_prefix(1 + length->octets + length->body);
  return packet;
}

// RFC 4880 §12.2: SHA-1 over 0x99, two octets of length, the body.
std::string fingerprint(std::string_view body) {
  if (body.empty() || at(body, 0) != 4 || body.size() > 0xffff)
    return fmt::format("version {}", body.empty() ? 0 : at(body, 0));
  std::string hashed = {static_cast<char>(0x99), static_cast<char>(body.size() >> 8U),
                        static_cast<char>(body.size() & 0xffU)};
  hashed += body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(hashed.data(), hashed.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
    return "unknown";
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02X}", digest.at(i));
  return text;
}

int sextet(char c) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t found = kAlphabet.find(c);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

void append_base64(std::string_view line, std::uint32_t& bits, int& count, std::string& bytes) {
  for (const char c : line) {
    const int value = sextet(c);
    if (value < 0) continue;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xffU);
  }
}

// RFC 4880 §6.2: headers up to an empty line, base64, a checksum behind "=".
std::string without_armour(std::string_view text) {
  std::string bytes;
  bool inside = false;
  bool in_headers = false;
  std::uint32_t bits = 0;
  int count = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line == kBegin) {
      inside = in_headers = true;
      bits = 0;
      count = 0;
    } else if (line.starts_with("-----END")) {
      inside = false;
    } else if (inside && in_headers) {
      in_headers = !line.empty();
    } else if (inside && !line.starts_with('=')) {
      append_base64(line, bits, count, bytes);
    }
  }
  return bytes;
}

}  // namespace

Keyring parse_keyring(std::string_view bytes) {
  std::string plain;
  if (bytes.find(kBegin) != std::string_view::npos) {
    plain = without_armour(bytes);
    bytes = plain;
  }
  Keyring keyring;
  while (!bytes.empty()) {
    const auto packet = take_packet(bytes);
    if (!packet) {
      keyring.complete = false;
      break;
    }
    if (packet->tag == kPublicKey) keyring.fingerprints.push_back(fingerprint(packet->body));
  }
  return keyring;
}

}  // namespace cloister::audit::probes
