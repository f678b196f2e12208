// The sequence numbers and timestamps of one encoding towards one receiver: constant shifts, less what was
// left out (protocol/bridge.md §6.4). Knows of frames only how they follow one another.
#pragma once

#include <optional>

#include "base/ids.h"
#include "videobridge/media/model/parsed_packet.h"
#include "videobridge/media/model/sequence_compactor.h"
#include "videobridge/media/projection/stream_position.h"

namespace cloister::videobridge::media {

// How a packet's frame stands to the frame of the newest packet: `next` when no frame that could be accepted
// lies between them.
enum class Follows : std::uint8_t { same, next, other };

class PacketNumbering {
public:
  struct Place {
    std::int64_t sequence = 0;  // unwrap()
    std::int64_t frame = 0;     // any number that tells frames apart
    Follows follows = Follows::other;
    bool starts = false;  // the frame
    bool ends = false;
  };

  // `packet` will be the first, and continues from `position`.
  void begin(const ParsedPacket& packet, const StreamPosition& position);
  std::int64_t unwrap(std::uint16_t sequence) { return sequences_.unwrap(sequence); }

  std::int64_t newest_frame() const { return newest_.frame; }
  std::uint16_t newest_sequence() const { return static_cast<std::uint16_t>(newest_.sequence & 0xffff); }
  bool is_late(std::int64_t sequence) const { return sequence <= newest_.sequence; }

  // A packet that is not late is left out, together with lost ones before it that can only have belonged to
  // frames left out.
  void skip(const Place& place);
  // The number of a packet that passes; none for one older than the memory.
  std::optional<std::uint16_t> pass(const Place& place);

  std::uint32_t timestamp_offset() const { return timestamp_offset_; }

private:
  static constexpr std::size_t kGaps = 128;

  struct Newest {
    std::int64_t sequence = 0;
    std::int64_t frame = -1;
    bool accepted = false;
    bool ends_frame = false;
  };

  std::int64_t first_lost_to_skip(const Place& place) const;

  SequenceUnwrapper sequences_;
  SequenceCompactor<kGaps> map_;
  Newest newest_;
  std::uint16_t sequence_offset_ = 0;
  std::uint32_t timestamp_offset_ = 0;
};

}  // namespace cloister::videobridge::media
