// STUN Binding messages as ICE uses them: RFC 8489, RFC 8445 §7; and the two requests of TURN that try out a
// relay: RFC 8656 §7, §8. Bytes ↔ values, no state.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/socket_address.h"
#include "wire/hmac_sha1.h"

namespace cloister::wire {

enum class StunClass : std::uint8_t { request = 0, indication = 1, success = 2, error = 3 };

enum class StunMethod : std::uint16_t { binding = 0x001, allocate = 0x003, refresh = 0x004 };

enum class StunError : std::uint8_t {
  truncated,          // fewer bytes than the header or than it announces
  not_stun,           // leading bits or magic cookie wrong
  not_binding,        // another method than the one that was expected
  bad_length,         // not a multiple of four, or bytes behind the end
  attribute_overrun,  // an attribute longer than what is left
  bad_attribute,      // a known attribute of the wrong size or family
  bad_fingerprint,    // FINGERPRINT present and wrong, or not last
};

using TransactionId = std::array<std::byte, 12>;

inline constexpr std::uint16_t kStunBadRequest = 400;
inline constexpr std::uint16_t kStunUnauthenticated = 401;
inline constexpr std::uint16_t kStunUnknownAttribute = 420;
inline constexpr std::uint16_t kStunRoleConflict = 487;

// Views look into the datagram and live as long as its buffer. Nothing in here is authenticated until
// has_integrity() said so.
struct StunMessage {
  StunClass kind = StunClass::request;
  TransactionId id{};
  std::optional<std::string_view> username;
  std::optional<std::uint32_t> priority;
  std::optional<std::uint64_t> controlling;  // tie-breaker
  std::optional<std::uint64_t> controlled;   // tie-breaker
  bool use_candidate = false;
  bool has_fingerprint = false;
  std::optional<SocketAddress> mapped_address;  // XOR-MAPPED-ADDRESS
  // Of a relay only.
  std::optional<std::string_view> realm;
  std::optional<std::string_view> nonce;
  std::optional<SocketAddress> relayed_address;  // XOR-RELAYED-ADDRESS
  std::uint16_t error_code = 0;
  // The first attribute of the comprehension-required range that we do not know (RFC 8489 §6.3); 0 = none.
  std::uint16_t unknown_required = 0;
  std::size_t integrity_at = 0;  // where MESSAGE-INTEGRITY begins; 0 = absent
  Bytes datagram;
};

// By the leading bits and the cookie only: enough to tell it from DTLS and SRTP (RFC 7983).
bool looks_like_stun(Bytes datagram);

// What stands behind MESSAGE-INTEGRITY is ignored but for FINGERPRINT, which is checked.
Result<StunMessage, StunError> parse_stun(Bytes datagram, StunMethod method = StunMethod::binding);

// The part of "USERNAME = <ours>:<theirs>" that names the receiver; nothing when there is no colon.
std::optional<std::string_view> receiver_fragment(std::string_view username);

bool has_integrity(const StunMessage& message, const HmacSha1& key);

// Builds one message into `out`; attributes in the order of the calls, finish() last. A message that does not
// fit gives length 0.
class StunWriter {
public:
  StunWriter(MutableBytes out, StunClass kind, const TransactionId& id,
             StunMethod method = StunMethod::binding);

  StunWriter& username(std::string_view receiver, std::string_view sender);
  StunWriter& priority(std::uint32_t value);
  StunWriter& controlling(std::uint64_t tie_breaker);
  StunWriter& controlled(std::uint64_t tie_breaker);
  StunWriter& use_candidate();
  StunWriter& mapped_address(const SocketAddress& address);
  StunWriter& error(std::uint16_t code, std::string_view reason);
  StunWriter& unknown_attribute(std::uint16_t type);
  StunWriter& software(std::string_view name);
  // To a relay (RFC 8656 §18): a name and a realm as the long-term credentials have them, UDP as the
  // transport.
  StunWriter& credentials(std::string_view username, std::string_view realm, std::string_view nonce);
  StunWriter& requested_udp();
  StunWriter& lifetime(std::uint32_t seconds);

  // Adds MESSAGE-INTEGRITY and FINGERPRINT; returns the length of the whole message.
  std::size_t finish(const HmacSha1& key);
  // Adds FINGERPRINT only.
  std::size_t finish();

private:
  void attribute(std::uint16_t type, std::size_t length);
  void text(std::uint16_t type, std::string_view value);
  void pad();
  void set_length(std::size_t attributes);

  ByteWriter out_;
};

}  // namespace cloister::wire
