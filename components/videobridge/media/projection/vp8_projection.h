// VP8 with picture ids (RFC 7741): chooses encoding and temporal layers, and keeps picture ids and TL0PICIDX
// continuous whatever is switched or left out (protocol/bridge.md §6.3, §6.4).
#pragma once

#include <array>

#include "videobridge/media/projection/encoding_projection.h"

namespace cloister::videobridge::media {

// Packets must have picture ids.
class Vp8Projection final : public EncodingProjection {
public:
  Vp8Projection() : EncodingProjection({.numbers = wire::kPictureIds, .max_jump = 500, .memory = kFrames}) {}

private:
  static constexpr std::size_t kFrames = 128;  // remembered: four seconds and more

  // What was decided about a frame of the current encoding.
  struct Frame {
    std::uint32_t picture : 28 = 0;  // the low bits; 0: none
    std::uint32_t accepted : 1 = 0;
    std::uint32_t temporal : 3 = 0;
    bool is(std::int64_t number) const {
      return picture == (static_cast<std::uint32_t>(number) & 0xfffffffU);
    }
  };

  std::uint16_t number_of(const ParsedPacket& packet) const override { return *packet.vp8->picture_id; }
  void begin_codec(const ParsedPacket& packet, const StreamPosition& position) override;
  bool accept_frame(const ParsedPacket& packet, std::int64_t picture) override;
  void place_frame(const ParsedPacket& packet, std::int64_t picture,
                   PacketNumbering::Place& place) const override;
  std::optional<CodecNumbers> renumber(const ParsedPacket& packet, std::int64_t picture) override;
  void note(const CodecNumbers& numbers, StreamPosition& position) const override;

  bool decide(const ParsedPacket& packet, std::int64_t picture);
  bool accept_temporal(const ParsedPacket& packet, std::int64_t picture);
  bool predecessor_accepted(std::int64_t picture, std::uint8_t temporal) const;
  Frame& frame_at(std::int64_t picture) { return frames_[static_cast<std::size_t>(picture) % kFrames]; }
  const Frame& frame_at(std::int64_t picture) const {
    return frames_[static_cast<std::size_t>(picture) % kFrames];
  }

  SequenceCompactor<kFrames> picture_map_;
  std::array<Frame, kFrames> frames_{};
  std::array<bool, kMaxTemporalLayers> flowing_{};  // the layer's last frame was accepted
  bool sync_seen_ = false;                          // the sender marks where a layer may be joined
  std::uint16_t picture_offset_ = 0;
  std::uint8_t tl0_offset_ = 0;
};

}  // namespace cloister::videobridge::media
