#include "videobridge/media/projection/generic_projection.h"

#include <cstdlib>

namespace cloister::videobridge::media {

void GenericProjection::set_target(std::optional<Layer> target) {
  filter_.set_target(target);
  if (!target) restart();
}

void GenericProjection::restart() {
  filter_.restart();
  current_.reset();
  begun_.reset();
}

Result<Rewrite, Drop> GenericProjection::accept(const ParsedPacket& packet, StreamPosition& position) {
  if (!filter_.target()) return fail(Drop::not_wanted);
  key_frames_known_ = packet.key_frames_known;
  if (!accept_encoding(packet)) return fail(current_ ? Drop::other_encoding : Drop::awaiting_key_frame);
  const bool far_away =
      begun_ && std::abs(distance(packet.header.sequence, static_cast<std::uint16_t>(newest_))) > kMaxDropout;
  if (begun_ != current_ || far_away) begin(packet, position);
  const std::int64_t sequence = sequences_.unwrap(packet.header.sequence);
  if (sequence < first_) return fail(Drop::too_old);
  newest_ = std::max(newest_, sequence);

  const Rewrite rewrite{.sequence = static_cast<std::uint16_t>(packet.header.sequence + sequence_offset_),
                        .marker = packet.header.marker,
                        .timestamp = packet.header.timestamp + timestamp_offset_,
                        .codec = {}};
  const bool ends_frame = packet.header.marker || packet.source->kind() == MediaKind::audio;
  position.advance(rewrite.sequence, rewrite.timestamp, ends_frame, packet.arrival);
  return rewrite;
}

bool GenericProjection::accept_encoding(const ParsedPacket& packet) {
  if (key_frames_known_) {
    const FrameKind kind = packet.key_frame ? FrameKind::key : FrameKind::delta;
    // No temporal layers are told apart here: all of an encoding pass.
    const bool accepted = filter_.accept({.encoding = packet.layer.encoding}, kind, packet.arrival);
    current_ = filter_.current();
    return accepted;
  }
  if (may_switch_to(packet.layer.encoding)) current_ = packet.layer.encoding;
  return current_ == packet.layer.encoding;
}

bool GenericProjection::may_switch_to(std::uint8_t encoding) const {
  if (encoding > filter_.target()->encoding) return false;
  return !current_ || encoding > *current_ || *current_ > filter_.target()->encoding;
}

void GenericProjection::begin(const ParsedPacket& packet, const StreamPosition& position) {
  sequences_ = {};
  first_ = newest_ = sequences_.unwrap(packet.header.sequence);
  begun_ = current_;
  sequence_offset_ = position.sequence_offset(packet.header.sequence);
  timestamp_offset_ = 0;
  if (!position.started) return;
  timestamp_offset_ =
      position.next_timestamp(packet.arrival, packet.format->clock_rate) - packet.header.timestamp;
}

}  // namespace cloister::videobridge::media
