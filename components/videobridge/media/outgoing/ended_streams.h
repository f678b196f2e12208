// Where streams stood that have ended, for SSRCs that come again: a source that is taken back and offered
// anew, one whose owner moved from another bridge to ours. Their numbers go on, for the receiver's SRTP takes
// none that it may have seen already (RFC 3711 §3.3.2). Belongs to one receiver.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "videobridge/media/outgoing/send_stream.h"

namespace cloister::videobridge::media {

class EndedStreams {
public:
  static constexpr std::size_t kMost = 128;  // the newest ones

  void remember(const SendStream& stream) {
    if (!stream.position.started) return;
    if (entries_.size() == kMost) entries_.erase(entries_.begin());
    entries_.push_back({stream.ssrc, stream.position, stream.rtx_sequence, stream.packets, stream.octets});
  }

  // A stream that has not sent yet goes on where its SSRC stood.
  void resume(SendStream& stream) {
    const auto found = std::ranges::find(entries_, stream.ssrc, &Entry::ssrc);
    if (found == entries_.end()) return;
    stream.position = found->position;
    stream.rtx_sequence = found->rtx_sequence;
    stream.packets = found->packets;
    stream.octets = found->octets;
    entries_.erase(found);
  }

private:
  struct Entry {
    Ssrc ssrc{};
    StreamPosition position;
    std::uint16_t rtx_sequence = 0;
    std::uint32_t packets = 0;
    std::uint32_t octets = 0;
  };
  std::vector<Entry> entries_;
};

}  // namespace cloister::videobridge::media
