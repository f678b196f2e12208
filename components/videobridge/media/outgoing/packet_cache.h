// What was sent on one outgoing video stream of late, for retransmission: the shared packet and the header
// fields that were rewritten, no copy of the payload (protocol/bridge.md §5.5).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/clock.h"
#include "net/packet_pool.h"
#include "videobridge/media/model/parsed_packet.h"
#include "videobridge/media/projection/projection.h"

namespace cloister::videobridge::media {

class CachedPacket {
public:
  CachedPacket() = default;
  CachedPacket(const ParsedPacket& packet, const Rewrite& rewrite, TimePoint now);

  explicit operator bool() const { return static_cast<bool>(packet_); }
  std::uint16_t sequence() const { return rewrite_.sequence; }
  const Rewrite& rewrite() const { return rewrite_; }
  std::uint8_t payload_type() const { return payload_type_; }
  Bytes payload() const { return packet_.bytes().subspan(payload_at_, payload_size_); }
  // Fills `out`; returns how many there are.
  std::size_t kept(std::span<KeptExtension, kMaxKept> out) const;

  TimePoint first_sent() const { return first_sent_; }
  TimePoint last_sent() const { return last_sent_; }
  void on_resent(TimePoint now) { last_sent_ = now; }

private:
  struct Kept {
    ExtensionKind kind = ExtensionKind::unknown;
    std::uint8_t size = 0;
    std::uint16_t at = 0;
  };

  net::Packet packet_;
  Rewrite rewrite_;
  TimePoint first_sent_;
  TimePoint last_sent_;
  std::uint16_t payload_at_ = 0;
  std::uint16_t payload_size_ = 0;
  std::uint8_t payload_type_ = 0;
  std::uint8_t kept_count_ = 0;
  std::array<Kept, kMaxKept> kept_{};
};

class PacketCache {
public:
  static constexpr std::size_t kPackets = 512;  // the protocol asks for 500
  // Nobody waits longer for a frame; shared buffers are free again for the pool.
  static constexpr Duration kMaxAge = 2s;

  PacketCache() : packets_(std::make_unique<std::array<CachedPacket, kPackets>>()) {}

  void put(const ParsedPacket& packet, const Rewrite& rewrite, TimePoint now);
  CachedPacket* find(std::uint16_t sequence);
  // The highest sequence number so far.
  std::uint16_t newest() const { return newest_; }
  // Not to be sent any more.
  void drop(std::uint16_t sequence) {
    if (CachedPacket* packet = find(sequence)) *packet = {};
  }
  // Gives back what is older than kMaxAge; returns whether anything is left.
  bool expire(TimePoint now);

private:
  CachedPacket& at(std::uint16_t sequence) { return (*packets_)[sequence % kPackets]; }

  std::unique_ptr<std::array<CachedPacket, kPackets>> packets_;
  std::uint16_t oldest_ = 0;  // expired up to here
  std::uint16_t newest_ = 0;
  bool any_ = false;
};

}  // namespace cloister::videobridge::media
