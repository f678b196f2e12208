#include "videobridge/media/projection/packet_numbering.h"

namespace cloister::videobridge::media {

void PacketNumbering::begin(const ParsedPacket& packet, const StreamPosition& position) {
  sequences_ = {};
  map_.clear();
  newest_ = {.sequence = SequenceUnwrapper().unwrap(packet.header.sequence) - 1,
             .accepted = true,
             .ends_frame = true};
  sequence_offset_ = position.sequence_offset(packet.header.sequence);
  timestamp_offset_ = 0;
  if (!position.started) return;
  timestamp_offset_ =
      position.next_timestamp(packet.arrival, packet.format->clock_rate) - packet.header.timestamp;
}

void PacketNumbering::skip(const Place& place) {
  map_.remove(first_lost_to_skip(place), place.sequence);
  newest_ = {.sequence = place.sequence, .frame = place.frame, .accepted = false, .ends_frame = place.ends};
}

std::int64_t PacketNumbering::first_lost_to_skip(const Place& place) const {
  const bool between_dropped = !newest_.accepted && place.follows != Follows::other;
  const bool behind_complete = newest_.accepted && newest_.ends_frame && place.follows == Follows::next;
  return between_dropped || behind_complete ? newest_.sequence + 1 : place.sequence;
}

std::optional<std::uint16_t> PacketNumbering::pass(const Place& place) {
  const bool lost_end_of_dropped = !newest_.accepted && place.follows == Follows::next && place.starts &&
                                   place.sequence > newest_.sequence + 1;
  if (lost_end_of_dropped) map_.remove(newest_.sequence + 1, place.sequence - 1);
  if (!is_late(place.sequence))
    newest_ = {.sequence = place.sequence, .frame = place.frame, .accepted = true, .ends_frame = place.ends};
  const auto number = map_.map(place.sequence);
  if (!number) return std::nullopt;
  return static_cast<std::uint16_t>(*number + sequence_offset_);
}

}  // namespace cloister::videobridge::media
