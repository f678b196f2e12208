#include "videobridge/media/outgoing/packet_cache.h"

#include <algorithm>
#include <utility>

namespace cloister::videobridge::media {

CachedPacket::CachedPacket(const ParsedPacket& packet, const Rewrite& rewrite, TimePoint now)
    : packet_(packet.packet.share()),
      timestamp_(rewrite.timestamp),
      codec_(rewrite.codec),
      sequence_(rewrite.sequence),
      marker_(rewrite.marker ? 1 : 0) {
  const std::byte* start = packet.packet.bytes().data();
  Parts parts{.first_sent = now,
              .payload_at = static_cast<std::uint16_t>(packet.header.payload.data() - start),
              .payload_size = static_cast<std::uint16_t>(packet.header.payload.size()),
              .payload_type = packet.header.payload_type,
              .kept_count = packet.kept_count};
  for (std::size_t i = 0; i < parts.kept_count; ++i) {
    const KeptExtension& kept = packet.kept[i];
    parts.kept[i] = {kept.kind, static_cast<std::uint8_t>(kept.data.size()),
                     static_cast<std::uint16_t>(kept.data.data() - start)};
  }
  packet_.set_note(parts);
}

std::size_t CachedPacket::kept(std::span<KeptExtension, kMaxKept> out) const {
  const Parts noted = parts();
  for (std::size_t i = 0; i < noted.kept_count; ++i)
    out[i] = {noted.kept[i].kind, packet_.bytes().subspan(noted.kept[i].at, noted.kept[i].size)};
  return noted.kept_count;
}

void CachedPacket::on_resent(TimePoint now) {
  constexpr std::int64_t kLongest = 0x7fff;
  const auto after = std::chrono::floor<std::chrono::milliseconds>(now - first_sent()).count();
  resent_after_ = static_cast<std::uint16_t>(std::clamp<std::int64_t>(after, 0, kLongest) & kLongest);
}

void PacketCache::put(const ParsedPacket& packet, const Rewrite& rewrite, TimePoint now) {
  if (!any_) {
    any_ = true;
    oldest_ = newest_ = rewrite.sequence;
  }
  CachedPacket& place = packets_.make_room(rewrite.sequence, [now](const CachedPacket& there) {
    return there && now - there.first_sent() <= kMaxAge;
  });
  place = CachedPacket(packet, rewrite, now);
  if (is_newer(rewrite.sequence, newest_)) newest_ = rewrite.sequence;
  if (static_cast<std::uint16_t>(newest_ - oldest_) >= kPackets)
    oldest_ = static_cast<std::uint16_t>(newest_ - kPackets + 1);
  expire_oldest(now);
}

CachedPacket* PacketCache::find(std::uint16_t sequence) {
  CachedPacket* packet = packets_.find(sequence);
  return packet != nullptr && *packet && packet->sequence() == sequence ? packet : nullptr;
}

void PacketCache::expire_oldest(TimePoint now) {
  while (any_) {
    if (CachedPacket* packet = packets_.find(oldest_)) {
      if (*packet && now - packet->first_sent() <= kMaxAge) return;
      *packet = {};
    }
    if (oldest_ == newest_) any_ = false;
    ++oldest_;
  }
}

bool PacketCache::expire(TimePoint now) {
  expire_oldest(now);
  if (!any_) packets_.clear();
  return any_;
}

}  // namespace cloister::videobridge::media
