#include "videobridge/media/projection/vp8_projection.h"

#include <algorithm>

namespace cloister::videobridge::media {

void Vp8Projection::begin_codec(const ParsedPacket& packet, const StreamPosition& position) {
  const wire::Vp8Descriptor& vp8 = *packet.vp8;
  picture_map_.clear();
  frames_.fill({});
  flowing_.fill(true);  // every layer may follow a key frame
  sync_seen_ = false;
  picture_offset_ = 0;
  tl0_offset_ = 0;
  if (!position.started) return;
  picture_offset_ = static_cast<std::uint16_t>(position.picture_id + 1 - *vp8.picture_id);
  tl0_offset_ = static_cast<std::uint8_t>(position.tl0_picture_index + 1 - vp8.tl0_picture_index.value_or(0));
}

bool Vp8Projection::accept_frame(const ParsedPacket& packet, std::int64_t picture) {
  const Frame& frame = frame_at(picture);
  return frame.is(picture) ? frame.accepted != 0 : decide(packet, picture);
}

bool Vp8Projection::decide(const ParsedPacket& packet, std::int64_t picture) {
  const FrameKind kind = packet.key_frame ? FrameKind::key : FrameKind::delta;
  Frame& frame = frame_at(picture);
  const bool accepted =
      filter_.accept(packet.layer, kind, packet.arrival) && accept_temporal(packet, picture);
  frame = {.picture = static_cast<std::uint32_t>(picture) & 0xfffffffU,
           .accepted = accepted,
           .temporal = packet.layer.temporal & 7U};
  if (kind == FrameKind::key) flowing_.fill(true);
  if (!accepted) {
    std::fill(flowing_.begin() + std::min<int>(packet.layer.temporal, kMaxTemporalLayers - 1), flowing_.end(),
              false);
    picture_map_.remove(picture);
  }
  return accepted;
}

// A layer that was left out can be joined again only where its frames need none of those left out.
bool Vp8Projection::accept_temporal(const ParsedPacket& packet, std::int64_t picture) {
  const std::uint8_t temporal = std::min<std::uint8_t>(packet.layer.temporal, kMaxTemporalLayers - 1);
  sync_seen_ = sync_seen_ || packet.vp8->layer_sync;
  if (temporal == 0 || flowing_[temporal]) return true;
  const bool may_join = sync_seen_ ? packet.vp8->layer_sync : predecessor_accepted(picture, temporal);
  if (may_join) flowing_[temporal] = true;
  return may_join;
}

// COMPAT: for senders that never set the layer-sync bit, the nearest frame of a lower layer decides.
bool Vp8Projection::predecessor_accepted(std::int64_t picture, std::uint8_t temporal) const {
  constexpr std::int64_t kReach = 8;  // the longest temporal pattern in use
  for (std::int64_t before = picture - 1; before >= picture - kReach; --before) {
    const Frame& frame = frame_at(before);
    if (frame.is(before) && frame.temporal < temporal) return frame.accepted != 0;
  }
  return false;
}

void Vp8Projection::place_frame(const ParsedPacket& packet, std::int64_t picture,
                                PacketNumbering::Place& place) const {
  const std::int64_t steps = picture - newest_placed();
  place.frame = picture;
  place.follows = steps == 0 ? Follows::same : steps == 1 ? Follows::next : Follows::other;
  place.starts = packet.vp8->frame_start;
  place.ends = packet.header.marker;
}

// Pictures left out are no gap: a receiver takes VP8's picture ids for a count of what it was sent.
std::optional<CodecNumbers> Vp8Projection::renumber(const ParsedPacket& packet, std::int64_t picture) {
  const wire::Vp8Descriptor& vp8 = *packet.vp8;
  const auto mapped = picture_map_.map(picture);
  if (!mapped) return std::nullopt;
  return wire::PictureNumbers{
      .picture_id = static_cast<std::uint16_t>((*mapped + picture_offset_) % wire::kPictureIds),
      .tl0_picture_index = static_cast<std::uint8_t>(vp8.tl0_picture_index.value_or(0) + tl0_offset_),
      .picture_id_at = vp8.picture_id_at,
      .tl0_picture_index_at = vp8.tl0_picture_index_at};
}

void Vp8Projection::note(const CodecNumbers& numbers, StreamPosition& position) const {
  const auto& sent = std::get<wire::PictureNumbers>(numbers);
  position.picture_id = sent.picture_id;
  position.tl0_picture_index = sent.tl0_picture_index;
}

}  // namespace cloister::videobridge::media
