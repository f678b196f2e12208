// VP8 with picture ids (RFC 7741): chooses encoding and temporal layers, and keeps sequence numbers,
// timestamps, picture ids and TL0PICIDX continuous whatever is switched or left out (protocol/bridge.md §6.3,
// §6.4).
#pragma once

#include <array>

#include "base/ids.h"
#include "videobridge/media/model/sequence_compactor.h"
#include "videobridge/media/projection/projection.h"
#include "videobridge/media/projection/quality_filter.h"

namespace cloister::videobridge::media {

class Vp8Projection final : public Projection {
public:
  // Packets must have picture ids.
  void set_target(std::optional<Layer> target) override;
  void restart() override;
  Result<Rewrite, Drop> accept(const ParsedPacket& packet, StreamPosition& position) override;
  bool needs_key_frame() const override { return filter_.needs_key_frame(); }
  std::optional<std::uint8_t> current_encoding() const override { return filter_.current(); }
  std::uint32_t timestamp_offset() const override { return timestamp_offset_; }

private:
  static constexpr std::int64_t kMaxJump = 500;      // pictures; further away the sender has started anew
  static constexpr std::size_t kFrames = 128;        // remembered: four seconds and more
  static constexpr std::int32_t kMaxDropout = 3000;  // packets, RFC 3550 §A.1

  // What was decided about a frame of the current encoding.
  struct Frame {
    std::int64_t picture = -1;  // unwrapped picture id
    bool accepted = false;
    std::uint8_t temporal = 0;
  };
  // The newest packet of the current encoding by sequence number.
  struct Newest {
    std::int64_t sequence = 0;
    std::int64_t picture = 0;
    bool accepted = false;
    bool ends_frame = false;
  };

  bool continues(const ParsedPacket& packet) const;
  Result<Rewrite, Drop> accept_other(const ParsedPacket& packet, StreamPosition& position);
  Result<Rewrite, Drop> accept_current(const ParsedPacket& packet, StreamPosition& position);
  void begin(const ParsedPacket& packet, const StreamPosition& position);
  Frame& decide(const ParsedPacket& packet, std::int64_t picture);
  bool accept_temporal(const ParsedPacket& packet, std::int64_t picture);
  bool predecessor_accepted(std::int64_t picture, std::uint8_t temporal) const;
  void skip(const ParsedPacket& packet, std::int64_t sequence, std::int64_t picture);
  std::int64_t first_lost_to_skip(std::int64_t sequence, std::int64_t picture) const;
  Result<Rewrite, Drop> rewrite(const ParsedPacket& packet, std::int64_t sequence, std::int64_t picture,
                                StreamPosition& position);
  void note_newest(const ParsedPacket& packet, std::int64_t sequence, std::int64_t picture, bool accepted);
  Frame& frame_at(std::int64_t picture) { return frames_[static_cast<std::size_t>(picture) % kFrames]; }
  const Frame& frame_at(std::int64_t picture) const {
    return frames_[static_cast<std::size_t>(picture) % kFrames];
  }
  std::int64_t unwrap_picture(std::uint16_t picture_id) const;

  QualityFilter filter_;
  // Per encoding that is not shown: the newest base-layer picture dropped. A key frame before it comes too
  // late.
  std::array<std::optional<std::uint16_t>, kMaxEncodings> dropped_base_{};

  // All below belongs to the current encoding since its beginning.
  bool begun_ = false;
  SequenceUnwrapper sequences_;
  SequenceCompactor<kFrames> sequence_map_;
  SequenceCompactor<kFrames> picture_map_;
  std::array<Frame, kFrames> frames_{};
  Newest newest_;
  std::int64_t first_picture_ = 0;
  std::int64_t newest_picture_ = 0;
  std::array<bool, kMaxTemporalLayers> flowing_{};  // the layer's last frame was accepted
  bool sync_seen_ = false;                          // the sender marks where a layer may be joined
  std::uint16_t sequence_offset_ = 0;
  std::uint32_t timestamp_offset_ = 0;
  std::uint16_t picture_offset_ = 0;
  std::uint8_t tl0_offset_ = 0;
};

}  // namespace cloister::videobridge::media
