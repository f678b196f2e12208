// What was sent on one outgoing video stream of late, for retransmission: the shared packet and what was
// rewritten of it (protocol/bridge.md §5.5). What all receivers have in common is noted once, in the packet.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/clock.h"
#include "net/packet_pool.h"
#include "videobridge/media/model/parsed_packet.h"
#include "videobridge/media/outgoing/sequence_ring.h"
#include "videobridge/media/projection/projection.h"

namespace cloister::videobridge::media {

// 32 bytes, of which a stream of 1.5 Mbit/s keeps three hundred.
class CachedPacket {
public:
  CachedPacket() = default;
  CachedPacket(const ParsedPacket& packet, const Rewrite& rewrite, TimePoint now);

  explicit operator bool() const { return static_cast<bool>(packet_); }
  std::uint16_t sequence() const { return sequence_; }
  Rewrite rewrite() const {
    return {.sequence = sequence_, .marker = marker_ != 0, .timestamp = timestamp_, .codec = codec_};
  }
  std::uint8_t payload_type() const { return parts().payload_type; }
  Bytes payload() const { return packet_.bytes().subspan(parts().payload_at, parts().payload_size); }
  // Fills `out`; returns how many there are.
  std::size_t kept(std::span<KeptExtension, kMaxKept> out) const;

  TimePoint first_sent() const { return parts().first_sent; }
  // To the millisecond.
  TimePoint last_sent() const { return first_sent() + std::chrono::milliseconds(resent_after_); }
  void on_resent(TimePoint now);

private:
  struct Kept {
    ExtensionKind kind = ExtensionKind::unknown;
    std::uint8_t size = 0;
    std::uint16_t at = 0;
  };
  // The same for every receiver: all are served in the batch that brought the packet.
  struct Parts {
    TimePoint first_sent;
    std::uint16_t payload_at = 0;
    std::uint16_t payload_size = 0;
    std::uint8_t payload_type = 0;
    std::uint8_t kept_count = 0;
    std::array<Kept, kMaxKept> kept{};
  };
  Parts parts() const { return packet_.note<Parts>(); }

  [[no_unique_address]] net::Packet packet_;  // its last four bytes are free
  std::uint32_t timestamp_ = 0;
  CodecNumbers codec_;
  std::uint16_t sequence_ = 0;
  std::uint16_t marker_ : 1 = 0;
  std::uint16_t resent_after_ : 15 = 0;  // ms after the first time
};
static_assert(sizeof(CachedPacket) == 32);

class PacketCache {
public:
  static constexpr std::size_t kPackets = 512;  // the protocol asks for 500
  // Nobody waits longer for a frame; shared buffers are free again for the pool.
  static constexpr Duration kMaxAge = 2s;

  void put(const ParsedPacket& packet, const Rewrite& rewrite, TimePoint now);
  CachedPacket* find(std::uint16_t sequence);
  // The highest sequence number so far.
  std::uint16_t newest() const { return newest_; }
  // Not to be sent any more.
  void drop(std::uint16_t sequence) {
    if (CachedPacket* packet = find(sequence)) *packet = {};
  }
  // Gives back what is older than kMaxAge, and all memory with the last one; returns whether anything is
  // left.
  bool expire(TimePoint now);

private:
  void expire_oldest(TimePoint now);

  SequenceRing<CachedPacket, 32, kPackets> packets_;
  std::uint16_t oldest_ = 0;  // expired up to here
  std::uint16_t newest_ = 0;
  bool any_ = false;
};

}  // namespace cloister::videobridge::media
