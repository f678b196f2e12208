// Any bytes into the STUN parser; what it accepts as signed must still be what it read.
#include "wire/stun.h"

// Checklist: 221
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  static const wire::HmacSha1 key(as_bytes("VOkJxbRl1RmTxUk/WvJxBt"));
  const Bytes datagram = std::as_bytes(std::span(data, size));
  (void)wire::parse_stun(datagram, wire::StunMethod::allocate);
  const auto message = wire::parse_stun(datagram);
  if (!message) return 0;
  if (message->username) (void)wire::receiver_fragment(*message->username);
  (void)wire::has_integrity(*message, key);
  return 0;
}
