#include "videobridge/media/projection/vp9_projection.h"

#include <algorithm>

namespace cloister::videobridge::media {

void Vp9Projection::begin_codec(const ParsedPacket& packet, const StreamPosition& position) {
  const wire::Vp9Descriptor& vp9 = *packet.vp9;
  pictures_.fill({});
  key_picture_ = -1;
  top_ = 0;
  up_seen_ = false;
  picture_offset_ = 0;
  tl0_offset_ = 0;
  if (!position.started) return;
  picture_offset_ = static_cast<std::uint16_t>(position.picture_id + 1 - *vp9.picture_id);
  tl0_offset_ = static_cast<std::uint8_t>(position.tl0_picture_index + 1 - vp9.tl0_picture_index.value_or(0));
}

bool Vp9Projection::accept_frame(const ParsedPacket& packet, std::int64_t picture) {
  const auto bit = static_cast<std::uint8_t>(1U << packet.vp9->spatial);
  Picture& entry = picture_at(picture);
  const auto low = static_cast<std::uint16_t>(picture);
  if (entry.number != low) entry = {.number = low};
  if ((entry.known & bit) == 0) {
    const bool accepted = decide(packet, picture);
    entry.known |= bit;
    if (accepted) entry.accepted |= bit;
  }
  return (entry.accepted & bit) != 0;
}

bool Vp9Projection::decide(const ParsedPacket& packet, std::int64_t picture) {
  const wire::Vp9Descriptor& vp9 = *packet.vp9;
  top_ = vp9.structure ? static_cast<std::uint8_t>(vp9.structure->spatial_layers - 1)
                       : std::max(top_, vp9.spatial);
  const bool newest_picture = picture >= newest();
  if (!vp9.inter_picture && vp9.spatial == 0 && newest_picture) begin_key_picture(picture);
  const FrameKind kind = picture == key_picture_ ? FrameKind::key : FrameKind::delta;
  if (kind == FrameKind::delta) move_down(vp9, picture);
  const bool in_time = filter_.accept(packet.layer, kind, packet.arrival) && accept_temporal(vp9);
  const bool accepted = in_time && accept_spatial(vp9, picture);
  if (vp9.temporal == 0)
    flowing_[vp9.spatial] = accepted;
  else if (!in_time)
    open_temporal_ = std::min<std::uint8_t>(open_temporal_, vp9.temporal - 1);
  return accepted;
}

// Everything may follow a key picture.
void Vp9Projection::begin_key_picture(std::int64_t picture) {
  key_picture_ = picture;
  flowing_.fill(false);
  open_temporal_ = kAllTemporal;
  spatial_ = wanted_spatial();
}

// Between key pictures a lower layer can take over where it was forwarded all along, as in full SVC.
void Vp9Projection::move_down(const wire::Vp9Descriptor& vp9, std::int64_t picture) {
  const std::uint8_t wanted = wanted_spatial();
  if (wanted >= spatial_) return;
  if (!flowing_[wanted]) {
    if (vp9.temporal == 0) filter_.ask_for_key_frame();
  } else if (picture > newest()) {
    spatial_ = wanted;
    if (up_seen_) open_temporal_ = 0;
  }
}

bool Vp9Projection::accept_temporal(const wire::Vp9Descriptor& vp9) {
  up_seen_ = up_seen_ || vp9.switching_up;
  // About to leave this spatial layer: the rate goes down at once.
  if (wanted_spatial() < spatial_ && vp9.temporal > 0) return false;
  if (vp9.flexible) return true;  // the references tell
  // COMPAT: for senders that never set the switching-up bit.
  if (!up_seen_) return true;
  if (vp9.temporal > open_temporal_) return false;
  if (vp9.switching_up) open_temporal_ = kAllTemporal;
  return true;
}

bool Vp9Projection::accept_spatial(const wire::Vp9Descriptor& vp9, std::int64_t picture) {
  const bool decodable = can_be_decoded(vp9, picture);
  if (vp9.spatial > spatial_) {
    if (vp9.spatial > wanted_spatial()) return false;
    if (!decodable) {
      if (vp9.temporal == 0) filter_.ask_for_key_frame();
      return false;
    }
    spatial_ = vp9.spatial;
    return true;
  }
  if (!decodable && vp9.temporal == 0 && vp9.spatial == spatial_) fall_back();
  if (vp9.spatial < spatial_ && vp9.not_for_upper) return false;
  return decodable;
}

bool Vp9Projection::can_be_decoded(const wire::Vp9Descriptor& vp9, std::int64_t picture) const {
  if (vp9.inter_layer && vp9.spatial > 0 &&
      fate(picture, static_cast<std::uint8_t>(vp9.spatial - 1)) == Fate::dropped)
    return false;
  if (!vp9.inter_picture) return true;
  if (!vp9.flexible) return flowing_[vp9.spatial];
  return std::ranges::none_of(vp9.references(), [&](std::uint8_t back) {
    return fate(picture - back, vp9.spatial) == Fate::dropped;
  });
}

// The layer shown has lost its ground: the next one below that still stands, until a key frame comes.
void Vp9Projection::fall_back() {
  filter_.ask_for_key_frame();
  flowing_[spatial_] = false;
  while (spatial_ > 0 && !flowing_[spatial_]) --spatial_;
}

std::uint8_t Vp9Projection::wanted_spatial() const {
  const Layer target = *filter_.target();
  const std::uint8_t current = filter_.current().value_or(target.encoding);
  if (current == target.encoding) return std::min(target.spatial, top_);
  return current < target.encoding ? top_ : spatial_;
}

// Lost and not yet arrived frames are unknown: they come, or the receiver asks for a key frame.
Vp9Projection::Fate Vp9Projection::fate(std::int64_t picture, std::uint8_t spatial) const {
  const auto bit = static_cast<std::uint8_t>(1U << spatial);
  if (picture < first()) return Fate::dropped;
  const Picture& entry = picture_at(picture);
  if (entry.number != static_cast<std::uint16_t>(picture) || (entry.known & bit) == 0) return Fate::unknown;
  return (entry.accepted & bit) != 0 ? Fate::accepted : Fate::dropped;
}

void Vp9Projection::place_frame(const ParsedPacket& packet, std::int64_t picture,
                                PacketNumbering::Place& place) const {
  const wire::Vp9Descriptor& vp9 = *packet.vp9;
  place.frame = picture * kSpatial + vp9.spatial;
  place.starts = vp9.frame_start;
  place.ends = vp9.frame_end;
  const std::int64_t newest = newest_placed();
  const bool next_layer = place.frame == newest + 1 && vp9.spatial > 0;
  // Behind the layer shown a picture has nothing more for this receiver.
  const bool next_picture =
      vp9.spatial == 0 && newest / kSpatial == picture - 1 && newest % kSpatial >= spatial_;
  if (place.frame == newest)
    place.follows = Follows::same;
  else
    place.follows = next_layer || next_picture ? Follows::next : Follows::other;
}

// Pictures left out stay a gap: references are counted in picture ids, and receivers expect the pattern of
// the scalability structure.
std::optional<CodecNumbers> Vp9Projection::renumber(const ParsedPacket& packet, std::int64_t picture) {
  const wire::Vp9Descriptor& vp9 = *packet.vp9;
  return wire::PictureNumbers{
      .picture_id = static_cast<std::uint16_t>((picture + picture_offset_) % wire::kPictureIds),
      .tl0_picture_index = static_cast<std::uint8_t>(vp9.tl0_picture_index.value_or(0) + tl0_offset_),
      .picture_id_at = vp9.picture_id_at,
      .tl0_picture_index_at = vp9.tl0_picture_index_at};
}

bool Vp9Projection::ends_picture(const ParsedPacket& packet) const {
  return packet.header.marker || (packet.vp9->frame_end && packet.vp9->spatial == spatial_);
}

void Vp9Projection::note(const CodecNumbers& numbers, StreamPosition& position) const {
  const auto& sent = std::get<wire::PictureNumbers>(numbers);
  position.picture_id = sent.picture_id;
  position.tl0_picture_index = sent.tl0_picture_index;
}

}  // namespace cloister::videobridge::media
