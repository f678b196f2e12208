#include "wire/stun.h"

#include <algorithm>

namespace cloister::wire {
namespace {

constexpr std::size_t kHeader = 20;
constexpr std::uint32_t kCookie = 0x2112a442;
constexpr std::uint32_t kFingerprintMask = 0x5354554e;  // RFC 8489 §14.7: "STUN"
constexpr std::size_t kFingerprintSize = 8;

enum Attribute : std::uint16_t {
  kMappedAddress = 0x0001,
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000a,
  kLifetime = 0x000d,
  kRealm = 0x0014,
  kNonce = 0x0015,
  kXorRelayedAddress = 0x0016,
  kRequestedTransport = 0x0019,
  kXorMappedAddress = 0x0020,
  kPriority = 0x0024,
  kUseCandidate = 0x0025,
  kSoftware = 0x8022,
  kFingerprint = 0x8028,
  kIceControlled = 0x8029,
  kIceControlling = 0x802a,
};

constexpr auto kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) != 0 ? 0xedb88320U : 0U);
    table[i] = value;
  }
  return table;
}();

std::uint32_t crc32(Bytes bytes) {
  std::uint32_t value = 0xffffffffU;
  for (const std::byte b : bytes)
    value = kCrcTable[(value ^ std::to_integer<std::uint32_t>(b)) & 0xffU] ^ (value >> 8);
  return ~value;
}

// The class sits in bits 4 and 8 of the type, the method around them (RFC 8489 §5).
constexpr std::uint16_t message_type(StunMethod method, StunClass kind) {
  const auto bits = static_cast<unsigned>(kind);
  return static_cast<std::uint16_t>(static_cast<unsigned>(method) | (bits & 1U) << 4 | (bits & 2U) << 7);
}
constexpr StunClass class_of(std::uint16_t type) {
  return static_cast<StunClass>((type >> 4 & 1U) | (type >> 7 & 2U));
}
constexpr auto method_of(std::uint16_t type) { return static_cast<StunMethod>(type & 0x3eefU); }

// The address is masked with the cookie and, for IPv6, the transaction id behind it (RFC 8489 §14.2).
std::array<std::byte, 16> address_mask(const TransactionId& id) {
  std::array<std::byte, 16> mask;
  ByteWriter(mask).u32(kCookie).bytes(id);
  return mask;
}

std::optional<SocketAddress> read_xor_address(Bytes value, const TransactionId& id) {
  ByteReader in(value);
  in.skip(1);
  const std::uint8_t family = in.u8();
  const auto port = static_cast<std::uint16_t>(in.u16() ^ kCookie >> 16);
  const std::size_t length = family == 1 ? 4 : 16;
  if ((family != 1 && family != 2) || in.left() != length) return std::nullopt;
  std::array<std::uint8_t, 16> ip{};
  const auto mask = address_mask(id);
  std::ranges::transform(in.rest(), mask, ip.begin(),
                         [](std::byte a, std::byte b) { return std::to_integer<std::uint8_t>(a ^ b); });
  if (family == 1) return SocketAddress::v4({ip[0], ip[1], ip[2], ip[3]}, port);
  return SocketAddress::v6(ip, port);
}

// What only a relay sends.
constexpr bool is_relays(std::uint16_t type) {
  return type == kLifetime || type == kRealm || type == kNonce || type == kXorRelayedAddress;
}

// False when the value has the wrong form.
bool read_relays_attribute(std::uint16_t type, Bytes value, StunMessage& out) {
  switch (type) {
    case kLifetime: return value.size() == 4;
    case kRealm: out.realm = as_text(value); return value.size() <= 763;  // RFC 8489 §14.9
    case kNonce: out.nonce = as_text(value); return value.size() <= 763;
    case kXorRelayedAddress:
      out.relayed_address = read_xor_address(value, out.id);
      return out.relayed_address.has_value();
    default: return false;
  }
}

// False when the value has the wrong form. Types that mean nothing to us are noted if the peer insists on
// them.
bool read_attribute(std::uint16_t type, Bytes value, StunMessage& out) {
  ByteReader in(value);
  switch (type) {
    case kUsername: out.username = as_text(value); return value.size() <= 513;  // RFC 8489 §14.3
    case kPriority: out.priority = in.u32(); break;
    case kUseCandidate: out.use_candidate = true; break;
    case kIceControlling: out.controlling = in.u64(); break;
    case kIceControlled: out.controlled = in.u64(); break;
    case kXorMappedAddress:
      out.mapped_address = read_xor_address(value, out.id);
      return out.mapped_address.has_value();
    case kErrorCode: {
      in.skip(2);
      const unsigned hundreds = in.u8() & 7U;
      out.error_code = static_cast<std::uint16_t>(hundreds * 100U + in.u8());
      return in.ok();
    }
    case kMappedAddress:
    case kUnknownAttributes: return true;
    default:
      if (type < 0x8000 && out.unknown_required == 0) out.unknown_required = type;
      return true;
  }
  return in.ok() && in.left() == 0;
}

}  // namespace

bool looks_like_stun(Bytes datagram) {
  return datagram.size() >= kHeader && get_u8(datagram, 0) < 4 && get_u32(datagram, 4) == kCookie;
}

Result<StunMessage, StunError> parse_stun(Bytes datagram, StunMethod method) {
  if (datagram.size() < kHeader) return fail(StunError::truncated);
  if (!looks_like_stun(datagram)) return fail(StunError::not_stun);
  ByteReader in(datagram);
  const std::uint16_t type = in.u16();
  if (method_of(type) != method) return fail(StunError::not_binding);
  const std::size_t length = in.u16();
  if (length % 4 != 0) return fail(StunError::bad_length);
  if (datagram.size() < kHeader + length) return fail(StunError::truncated);
  if (datagram.size() > kHeader + length) return fail(StunError::bad_length);

  StunMessage out;
  out.kind = class_of(type);
  out.datagram = datagram;
  in.skip(4);
  std::ranges::copy(in.take(out.id.size()), out.id.begin());
  while (in.left() > 0) {
    const std::size_t at = in.position();
    if (out.has_fingerprint) return fail(StunError::bad_fingerprint);
    const std::uint16_t attribute = in.u16();
    const std::size_t size = in.u16();
    const Bytes value = in.take(size);
    in.skip((4 - size % 4) % 4);
    if (!in.ok()) return fail(StunError::attribute_overrun);
    if (attribute == kFingerprint) {
      if (size != 4 || get_u32(value, 0) != (crc32(datagram.first(at)) ^ kFingerprintMask))
        return fail(StunError::bad_fingerprint);
      out.has_fingerprint = true;
    } else if (out.integrity_at != 0) {
      continue;  // RFC 8489 §14.5: not covered, so not believed
    } else if (attribute == kMessageIntegrity) {
      if (size != HmacSha1::kSize) return fail(StunError::bad_attribute);
      out.integrity_at = at;
    } else if (method != StunMethod::binding && is_relays(attribute)) {
      if (!read_relays_attribute(attribute, value, out)) return fail(StunError::bad_attribute);
    } else if (!read_attribute(attribute, value, out)) {
      return fail(StunError::bad_attribute);
    }
  }
  return out;
}

std::optional<std::string_view> receiver_fragment(std::string_view username) {
  const std::size_t colon = username.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return username.substr(0, colon);
}

bool has_integrity(const StunMessage& message, const HmacSha1& key) {
  if (message.integrity_at == 0) return false;
  // The sum covers a header whose length ends with MESSAGE-INTEGRITY itself (RFC 8489 §14.5).
  const Bytes covered = message.datagram.first(message.integrity_at);
  std::array<std::byte, kHeader> header;
  std::ranges::copy(covered.first(kHeader), header.begin());
  set_u16(header, 2, static_cast<std::uint16_t>(message.integrity_at + 4 + HmacSha1::kSize - kHeader));
  return equal_secrets(key.sign(header, covered.subspan(kHeader)),
                       message.datagram.subspan(message.integrity_at + 4, HmacSha1::kSize));
}

StunWriter::StunWriter(MutableBytes out, StunClass kind, const TransactionId& id, StunMethod method)
    : out_(out) {
  out_.u16(message_type(method, kind)).u16(0).u32(kCookie).bytes(id);
}

void StunWriter::attribute(std::uint16_t type, std::size_t length) {
  out_.u16(type).u16(static_cast<std::uint16_t>(length));
}

void StunWriter::pad() { out_.zeros((4 - out_.size() % 4) % 4); }

StunWriter& StunWriter::username(std::string_view receiver, std::string_view sender) {
  attribute(kUsername, receiver.size() + 1 + sender.size());
  out_.bytes(as_bytes(receiver)).u8(':').bytes(as_bytes(sender));
  pad();
  return *this;
}

StunWriter& StunWriter::priority(std::uint32_t value) {
  attribute(kPriority, 4);
  out_.u32(value);
  return *this;
}

StunWriter& StunWriter::controlling(std::uint64_t tie_breaker) {
  attribute(kIceControlling, 8);
  out_.u64(tie_breaker);
  return *this;
}

StunWriter& StunWriter::controlled(std::uint64_t tie_breaker) {
  attribute(kIceControlled, 8);
  out_.u64(tie_breaker);
  return *this;
}

StunWriter& StunWriter::use_candidate() {
  attribute(kUseCandidate, 0);
  return *this;
}

StunWriter& StunWriter::mapped_address(const SocketAddress& address) {
  const Bytes ip = address.ip();
  if (out_.left() < 4 + 4 + ip.size()) {
    out_.room(out_.left() + 1);  // turns the writer bad
    return *this;
  }
  TransactionId id;
  std::ranges::copy(Bytes(out_.written()).subspan(8, id.size()), id.begin());
  attribute(kXorMappedAddress, 4 + ip.size());
  out_.u8(0).u8(address.family() == IpFamily::v4 ? 1 : 2);
  out_.u16(static_cast<std::uint16_t>(address.port() ^ kCookie >> 16));
  const auto mask = address_mask(id);
  std::ranges::transform(ip, mask, out_.room(ip.size()).begin(), std::bit_xor<>());
  return *this;
}

StunWriter& StunWriter::error(std::uint16_t code, std::string_view reason) {
  attribute(kErrorCode, 4 + reason.size());
  out_.u16(0).u8(static_cast<std::uint8_t>(code / 100)).u8(static_cast<std::uint8_t>(code % 100));
  out_.bytes(as_bytes(reason));
  pad();
  return *this;
}

StunWriter& StunWriter::unknown_attribute(std::uint16_t type) {
  attribute(kUnknownAttributes, 2);
  out_.u16(type);
  pad();
  return *this;
}

void StunWriter::text(std::uint16_t type, std::string_view value) {
  attribute(type, value.size());
  out_.bytes(as_bytes(value));
  pad();
}

StunWriter& StunWriter::software(std::string_view name) {
  text(kSoftware, name);
  return *this;
}

StunWriter& StunWriter::credentials(std::string_view username, std::string_view realm,
                                    std::string_view nonce) {
  text(kUsername, username);
  text(kRealm, realm);
  text(kNonce, nonce);
  return *this;
}

StunWriter& StunWriter::requested_udp() {
  attribute(kRequestedTransport, 4);
  out_.u8(17).zeros(3);  // IANA's number of UDP
  return *this;
}

StunWriter& StunWriter::lifetime(std::uint32_t seconds) {
  attribute(kLifetime, 4);
  out_.u32(seconds);
  return *this;
}

void StunWriter::set_length(std::size_t attributes) {
  if (out_.ok()) set_u16(out_.written(), 2, static_cast<std::uint16_t>(attributes));
}

std::size_t StunWriter::finish(const HmacSha1& key) {
  set_length(out_.size() - kHeader + 4 + HmacSha1::kSize);
  const HmacSha1::Digest sum = key.sign(out_.written());
  attribute(kMessageIntegrity, sum.size());
  out_.bytes(sum);
  return finish();
}

std::size_t StunWriter::finish() {
  set_length(out_.size() - kHeader + kFingerprintSize);
  const std::uint32_t sum = crc32(out_.written()) ^ kFingerprintMask;
  attribute(kFingerprint, 4);
  out_.u32(sum);
  return out_.ok() ? out_.size() : 0;
}

}  // namespace cloister::wire
