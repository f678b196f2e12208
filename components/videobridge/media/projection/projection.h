// Makes one stream out of what one source sends in several encodings and layers: decides which packets pass,
// and under which numbers (protocol/bridge.md §6.2–6.4). One file per codec family implements it.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "videobridge/media/model/drop.h"
#include "videobridge/media/model/parsed_packet.h"
#include "videobridge/media/projection/codec_numbers.h"
#include "videobridge/media/projection/stream_position.h"

namespace cloister::videobridge::media {

// The header fields that differ from those of the packet received.
struct Rewrite {
  std::uint16_t sequence = 0;
  bool marker = false;
  std::uint32_t timestamp = 0;
  CodecNumbers codec;
};

class Projection {
public:
  virtual ~Projection() = default;

  // None stops at once; what follows begins anew.
  virtual void set_target(std::optional<Layer> target) = 0;
  // Forgets what was sent: the next packet that passes begins anew at the position of another stream.
  virtual void restart() = 0;
  // A decision to drop is final. `position` is read when something begins anew, and moves on with what
  // passes.
  virtual Result<Rewrite, Drop> accept(const ParsedPacket& packet, StreamPosition& position) = 0;

  virtual bool needs_key_frame() const = 0;
  // The encoding shown now, and what its timestamps are shifted by; none before the first packet and while
  // stopped.
  virtual std::optional<std::uint8_t> current_encoding() const = 0;
  virtual std::uint32_t timestamp_offset() const = 0;
};

}  // namespace cloister::videobridge::media
