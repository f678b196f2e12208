// Why a datagram stopped on its way through a transport. The enumerator is also the metric's label.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/metrics.h"

namespace cloister::videobridge::transport {

enum class Drop : std::uint8_t {
  unknown_address,    // not from a known address, and no STUN request with a fragment of ours
  empty_or_unknown,   // a first byte that RFC 7983 gives to nobody of ours
  stun_malformed,     // no STUN, a wrong FINGERPRINT, an attribute out of bounds
  stun_unauthorized,  // USERNAME or MESSAGE-INTEGRITY missing or wrong
  stun_unexpected,    // an answer to no question of ours, an indication
  dtls_malformed,     // refused by the DTLS stack, or application data that nobody asked for
  early_media_full,   // RTP before the keys, beyond what is kept
  early_dtls_full,    // handshake records before the fingerprint, beyond what is kept
  too_many_waiting,   // checks and handshakes behind media, beyond what may wait
  srtp_malformed,
  srtp_unauthentic,
  srtp_replayed,
  srtp_too_many_ssrcs,
  not_selected,       // something to send while there is no path with consent
  channel_malformed,  // SCTP or DCEP that makes no sense
  channel_refused,    // a second data channel, a binary message
  channel_too_long,   // a message over the limit
  channel_full,       // our own message while the send queue is full
  count_
};

constexpr std::string_view name(Drop reason) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(Drop::count_)> kNames{
      "unknown_address",  "empty_or_unknown", "stun_malformed",      "stun_unauthorized", "stun_unexpected",
      "dtls_malformed",   "early_media_full", "early_dtls_full",     "too_many_waiting",  "srtp_malformed",
      "srtp_unauthentic", "srtp_replayed",    "srtp_too_many_ssrcs", "not_selected",      "channel_malformed",
      "channel_refused",  "channel_too_long", "channel_full"};
  return kNames[static_cast<std::size_t>(reason)];
}

// Counters by reason; the reason enum ends with `count_`. One per shard, written by its thread, read by any.
template <class Reason>
class DropCounters {
public:
  void add(Reason reason, std::uint64_t count = 1) noexcept { counters_[index(reason)].add(count); }
  std::uint64_t value(Reason reason) const noexcept { return counters_[index(reason)].value(); }

private:
  static constexpr std::size_t index(Reason reason) { return static_cast<std::size_t>(reason); }
  std::array<Counter, static_cast<std::size_t>(Reason::count_)> counters_;
};

using Drops = DropCounters<Drop>;

}  // namespace cloister::videobridge::transport
