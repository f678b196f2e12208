#include "videobridge/media/projection/vp8_projection.h"

#include <algorithm>
#include <cstdlib>

namespace cloister::videobridge::media {

namespace {

constexpr std::uint16_t kPictureIds = 0x8000;  // 15 bits

// How far `a` is ahead of `b`; negative when behind.
std::int32_t picture_distance(std::uint16_t a, std::uint16_t b) {
  const auto ahead = static_cast<std::uint16_t>(a - b) % kPictureIds;
  return ahead < kPictureIds / 2 ? ahead : ahead - kPictureIds;
}

}  // namespace

void Vp8Projection::set_target(std::optional<Layer> target) {
  filter_.set_target(target);
  if (!target) restart();
}

void Vp8Projection::restart() {
  filter_.restart();
  begun_ = false;
}

Result<Rewrite, Drop> Vp8Projection::accept(const ParsedPacket& packet, StreamPosition& position) {
  if (begun_ && filter_.current() == packet.layer.encoding && continues(packet))
    return accept_current(packet, position);
  return accept_other(packet, position);
}

// Too far from what came before it is another stream under the old SSRC: the sender has started anew.
bool Vp8Projection::continues(const ParsedPacket& packet) const {
  const auto newest_picture = static_cast<std::uint16_t>(newest_picture_ % kPictureIds);
  const auto newest_sequence = static_cast<std::uint16_t>(newest_.sequence & 0xffff);
  return std::abs(picture_distance(*packet.vp8->picture_id, newest_picture)) <= kMaxJump &&
         std::abs(distance(packet.header.sequence, newest_sequence)) <= kMaxDropout;
}

// A packet of an encoding that is not shown: the first of a key frame may begin it.
Result<Rewrite, Drop> Vp8Projection::accept_other(const ParsedPacket& packet, StreamPosition& position) {
  const std::uint16_t picture_id = *packet.vp8->picture_id;
  auto& dropped_base = dropped_base_[packet.layer.encoding];
  const bool restarted = begun_ && filter_.current() == packet.layer.encoding;
  if (packet.key_frame) {
    const std::int32_t behind = dropped_base ? picture_distance(*dropped_base, picture_id) : 0;
    const bool too_late = behind > 0 && behind <= kMaxJump;
    if (!too_late && filter_.accept(packet.layer, FrameKind::key, packet.arrival)) {
      begin(packet, position);
      return accept_current(packet, position);
    }
  } else if (restarted) {
    filter_.ask_for_key_frame();
    return fail(Drop::too_old);
  } else {
    filter_.accept(packet.layer, FrameKind::delta, packet.arrival);
  }
  if (packet.layer.temporal == 0 &&
      (!dropped_base || picture_distance(picture_id, *dropped_base) > 0 || packet.key_frame))
    dropped_base = picture_id;
  if (!filter_.target()) return fail(Drop::not_wanted);
  return fail(filter_.current() ? Drop::other_encoding : Drop::awaiting_key_frame);
}

void Vp8Projection::begin(const ParsedPacket& packet, const StreamPosition& position) {
  const wire::Vp8Descriptor& vp8 = *packet.vp8;
  begun_ = true;
  dropped_base_[packet.layer.encoding].reset();
  sequences_ = {};
  sequence_map_ = {};
  picture_map_ = {};
  frames_.fill({});
  flowing_.fill(true);  // every layer may follow a key frame
  sync_seen_ = false;
  // Some room below, so that numbers of late packets stay positive.
  first_picture_ = newest_picture_ = kPictureIds + std::int64_t{*vp8.picture_id};
  const std::int64_t sequence = SequenceUnwrapper().unwrap(packet.header.sequence);
  newest_ = {.sequence = sequence - 1, .picture = first_picture_ - 1, .accepted = true, .ends_frame = true};

  sequence_offset_ = 0;
  timestamp_offset_ = 0;
  picture_offset_ = 0;
  tl0_offset_ = 0;
  if (!position.started) return;
  sequence_offset_ = static_cast<std::uint16_t>(position.next_sequence() - packet.header.sequence);
  timestamp_offset_ =
      position.next_timestamp(packet.arrival, packet.format->clock_rate) - packet.header.timestamp;
  picture_offset_ = static_cast<std::uint16_t>(position.picture_id + 1 - *vp8.picture_id);
  tl0_offset_ = static_cast<std::uint8_t>(position.tl0_picture_index + 1 - vp8.tl0_picture_index.value_or(0));
}

Result<Rewrite, Drop> Vp8Projection::accept_current(const ParsedPacket& packet, StreamPosition& position) {
  const std::int64_t sequence = sequences_.unwrap(packet.header.sequence);
  const std::int64_t picture = unwrap_picture(*packet.vp8->picture_id);
  if (picture < first_picture_ || picture <= newest_picture_ - static_cast<std::int64_t>(kFrames))
    return fail(Drop::too_old);
  const bool known = frame_at(picture).picture == picture;
  const Frame& frame = known ? frame_at(picture) : decide(packet, picture);
  if (!frame.accepted) {
    const bool late = sequence <= newest_.sequence;
    if (!late) skip(packet, sequence, picture);
    return fail(late ? Drop::frame_dropped : Drop::other_layer);
  }
  return rewrite(packet, sequence, picture, position);
}

Vp8Projection::Frame& Vp8Projection::decide(const ParsedPacket& packet, std::int64_t picture) {
  const FrameKind kind = packet.key_frame ? FrameKind::key : FrameKind::delta;
  Frame& frame = frame_at(picture);
  frame = {.picture = picture, .temporal = packet.layer.temporal};
  frame.accepted = filter_.accept(packet.layer, kind, packet.arrival) && accept_temporal(packet, picture);
  if (kind == FrameKind::key) flowing_.fill(true);
  if (!frame.accepted) {
    std::fill(flowing_.begin() + std::min<int>(frame.temporal, kMaxTemporalLayers - 1), flowing_.end(),
              false);
    picture_map_.remove(picture);
  }
  newest_picture_ = std::max(newest_picture_, picture);
  return frame;
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
    if (frame.picture == before && frame.temporal < temporal) return frame.accepted;
  }
  return false;
}

// Takes a dropped packet, the newest one, out of the numbers, together with lost ones that can only have
// belonged to dropped frames.
void Vp8Projection::skip(const ParsedPacket& packet, std::int64_t sequence, std::int64_t picture) {
  sequence_map_.remove(first_lost_to_skip(sequence, picture), sequence);
  note_newest(packet, sequence, picture, false);
}

std::int64_t Vp8Projection::first_lost_to_skip(std::int64_t sequence, std::int64_t picture) const {
  const std::int64_t ahead = picture - newest_.picture;
  const bool between_dropped = !newest_.accepted && (ahead == 0 || ahead == 1);
  const bool behind_complete = newest_.accepted && newest_.ends_frame && ahead == 1;
  return between_dropped || behind_complete ? newest_.sequence + 1 : sequence;
}

Result<Rewrite, Drop> Vp8Projection::rewrite(const ParsedPacket& packet, std::int64_t sequence,
                                             std::int64_t picture, StreamPosition& position) {
  const bool lost_end_of_dropped = !newest_.accepted && picture - newest_.picture == 1 &&
                                   packet.vp8->frame_start && sequence > newest_.sequence + 1;
  if (lost_end_of_dropped) sequence_map_.remove(newest_.sequence + 1, sequence - 1);
  if (sequence > newest_.sequence) note_newest(packet, sequence, picture, true);

  const auto mapped_sequence = sequence_map_.map(sequence);
  const auto mapped_picture = picture_map_.map(picture);
  if (!mapped_sequence || !mapped_picture) return fail(Drop::too_old);
  Rewrite out;
  out.sequence = static_cast<std::uint16_t>(*mapped_sequence + sequence_offset_);
  out.timestamp = packet.header.timestamp + timestamp_offset_;
  out.vp8 =
      Vp8Numbers{.picture_id = static_cast<std::uint16_t>((*mapped_picture + picture_offset_) % kPictureIds),
                 .tl0_picture_index =
                     static_cast<std::uint8_t>(packet.vp8->tl0_picture_index.value_or(0) + tl0_offset_)};
  if (position.advance(out.sequence, out.timestamp, packet.header.marker, packet.arrival)) {
    position.picture_id = out.vp8->picture_id;
    position.tl0_picture_index = out.vp8->tl0_picture_index;
  }
  return out;
}

void Vp8Projection::note_newest(const ParsedPacket& packet, std::int64_t sequence, std::int64_t picture,
                                bool accepted) {
  newest_ = {
      .sequence = sequence, .picture = picture, .accepted = accepted, .ends_frame = packet.header.marker};
}

std::int64_t Vp8Projection::unwrap_picture(std::uint16_t picture_id) const {
  const auto newest = static_cast<std::uint16_t>(newest_picture_ % kPictureIds);
  return newest_picture_ + picture_distance(picture_id, newest);
}

}  // namespace cloister::videobridge::media
