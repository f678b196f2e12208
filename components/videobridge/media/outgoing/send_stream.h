// One outgoing RTP stream: the SSRC a receiver sees, its RTX twin, how far its numbers have come, and what it
// sent. Belongs to a slot with SSRC rewriting, to a source's forwarder without.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"
#include "videobridge/media/outgoing/packet_cache.h"
#include "videobridge/media/projection/stream_position.h"

namespace cloister::videobridge::media {

struct SendStream {
  SendStream(Ssrc ssrc_sent, std::optional<Ssrc> rtx_sent, MediaKind kind)
      : ssrc(ssrc_sent), rtx_ssrc(rtx_sent) {
    if (kind == MediaKind::video) cache.emplace();
  }

  Ssrc ssrc{};
  std::optional<Ssrc> rtx_ssrc;
  std::string mid;  // stamped when not empty
  StreamPosition position;
  std::uint16_t rtx_sequence = 1;    // of the next retransmission
  std::uint32_t packets = 0;         // RFC 3550 §6.4.1, retransmissions excluded: they have their own SSRC
  std::uint32_t octets = 0;          // payload only
  std::optional<PacketCache> cache;  // video
  TimePoint usable_from;             // the receiver knows the SSRC by then
  TimePoint last_used;
  TimePoint abandoned;  // what was sent until then is of no use any more, nor worth repeating
};

}  // namespace cloister::videobridge::media
