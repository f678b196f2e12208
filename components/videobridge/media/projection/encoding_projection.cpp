#include "videobridge/media/projection/encoding_projection.h"

#include <algorithm>
#include <cstdlib>

namespace cloister::videobridge::media {

void EncodingProjection::set_target(std::optional<Layer> target) {
  filter_.set_target(target);
  if (!target) restart();
}

void EncodingProjection::restart() {
  filter_.restart();
  begun_ = false;
}

std::int32_t EncodingProjection::ahead(std::uint16_t a, std::uint16_t b) const {
  const std::int32_t distance = (a - b) & (counting_.numbers - 1);
  return distance < counting_.numbers / 2 ? distance : distance - counting_.numbers;
}

Result<Rewrite, Drop> EncodingProjection::accept(const ParsedPacket& packet, StreamPosition& position) {
  if (begun_ && filter_.current() == packet.layer.encoding && continues(packet))
    return accept_current(packet, position);
  return accept_other(packet, position);
}

// Too far from what came before it is another stream under the old SSRC: the sender has started anew.
bool EncodingProjection::continues(const ParsedPacket& packet) const {
  const auto newest = static_cast<std::uint16_t>(newest_ % counting_.numbers);
  return std::abs(ahead(number_of(packet), newest)) <= counting_.max_jump &&
         std::abs(distance(packet.header.sequence, packets_.newest_sequence())) <= kMaxDropout;
}

// A packet of an encoding that is not shown: the first of a key frame may begin it.
Result<Rewrite, Drop> EncodingProjection::accept_other(const ParsedPacket& packet, StreamPosition& position) {
  const bool restarted = begun_ && filter_.current() == packet.layer.encoding;
  if (packet.key_frame) {
    if (!comes_too_late(packet) && filter_.accept(packet.layer, FrameKind::key, packet.arrival)) {
      begin(packet, position);
      return accept_current(packet, position);
    }
  } else if (restarted) {
    filter_.ask_for_key_frame();
    return fail(Drop::too_old);
  } else {
    filter_.accept(packet.layer, FrameKind::delta, packet.arrival);
  }
  auto& dropped = dropped_base_[packet.layer.encoding];
  const std::uint16_t number = number_of(packet);
  if (packet.layer.temporal == 0 && (!dropped || ahead(number, *dropped) > 0 || packet.key_frame))
    dropped = number;
  if (!filter_.target()) return fail(Drop::not_wanted);
  return fail(filter_.current() ? Drop::other_encoding : Drop::awaiting_key_frame);
}

bool EncodingProjection::comes_too_late(const ParsedPacket& key_frame) const {
  const auto& dropped = dropped_base_[key_frame.layer.encoding];
  const std::int32_t behind = dropped ? ahead(*dropped, number_of(key_frame)) : 0;
  return behind > 0 && behind <= counting_.max_jump;
}

void EncodingProjection::begin(const ParsedPacket& packet, const StreamPosition& position) {
  begun_ = true;
  dropped_base_[packet.layer.encoding].reset();
  // Some room below, so that numbers of late packets stay positive.
  first_ = newest_ = counting_.numbers + std::int64_t{number_of(packet)};
  packets_.begin(packet, position);
  begin_codec(packet, position);
}

Result<Rewrite, Drop> EncodingProjection::accept_current(const ParsedPacket& packet,
                                                         StreamPosition& position) {
  const auto newest = static_cast<std::uint16_t>(newest_ % counting_.numbers);
  const std::int64_t number = newest_ + ahead(number_of(packet), newest);
  if (number < first_ || number <= newest_ - counting_.memory) return fail(Drop::too_old);
  const bool accepted = accept_frame(packet, number);
  newest_ = std::max(newest_, number);

  PacketNumbering::Place place{.sequence = packets_.unwrap(packet.header.sequence)};
  place_frame(packet, number, place);
  if (!accepted) {
    const bool late = packets_.is_late(place.sequence);
    if (!late) packets_.skip(place);
    return fail(late ? Drop::frame_dropped : Drop::other_layer);
  }
  const auto sequence = packets_.pass(place);
  const auto codec = renumber(packet, number);
  if (!sequence || !codec) return fail(Drop::too_old);
  const Rewrite out{.sequence = *sequence,
                    .marker = ends_picture(packet),
                    .timestamp = packet.header.timestamp + packets_.timestamp_offset(),
                    .codec = *codec};
  if (position.advance(out.sequence, out.timestamp, out.marker, packet.arrival)) note(out.codec, position);
  return out;
}

}  // namespace cloister::videobridge::media
