#include "videobridge/media/outgoing/packet_cache.h"

#include <algorithm>
#include <utility>

namespace cloister::videobridge::media {

CachedPacket::CachedPacket(const ParsedPacket& packet, const Rewrite& rewrite, TimePoint now)
    : packet_(packet.packet.share()),
      rewrite_(rewrite),
      first_sent_(now),
      last_sent_(now),
      payload_size_(static_cast<std::uint16_t>(packet.header.payload.size())),
      payload_type_(packet.header.payload_type),
      kept_count_(packet.kept_count) {
  const std::byte* start = packet.packet.bytes().data();
  payload_at_ = static_cast<std::uint16_t>(packet.header.payload.data() - start);
  for (std::size_t i = 0; i < kept_count_; ++i) {
    const KeptExtension& kept = packet.kept[i];
    kept_[i] = {kept.kind, static_cast<std::uint8_t>(kept.data.size()),
                static_cast<std::uint16_t>(kept.data.data() - start)};
  }
}

std::size_t CachedPacket::kept(std::span<KeptExtension, kMaxKept> out) const {
  for (std::size_t i = 0; i < kept_count_; ++i)
    out[i] = {kept_[i].kind, packet_.bytes().subspan(kept_[i].at, kept_[i].size)};
  return kept_count_;
}

void PacketCache::put(const ParsedPacket& packet, const Rewrite& rewrite, TimePoint now) {
  if (!any_) {
    any_ = true;
    oldest_ = newest_ = rewrite.sequence;
  }
  if (is_newer(rewrite.sequence, newest_)) newest_ = rewrite.sequence;
  if (static_cast<std::uint16_t>(newest_ - oldest_) >= kPackets)
    oldest_ = static_cast<std::uint16_t>(newest_ - kPackets + 1);
  at(rewrite.sequence) = CachedPacket(packet, rewrite, now);
  expire(now);
}

CachedPacket* PacketCache::find(std::uint16_t sequence) {
  CachedPacket& packet = at(sequence);
  return packet && packet.sequence() == sequence ? &packet : nullptr;
}

bool PacketCache::expire(TimePoint now) {
  while (any_) {
    CachedPacket& packet = at(oldest_);
    if (packet && now - packet.first_sent() <= kMaxAge) return true;
    packet = {};
    if (oldest_ == newest_) any_ = false;
    ++oldest_;
  }
  return false;
}

}  // namespace cloister::videobridge::media
