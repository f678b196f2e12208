// Audio, and video whose descriptor we do not read: an encoding is on or off as a whole, its gaps stay, its
// numbers are shifted by a constant (protocol/bridge.md §6.2). Where key frames cannot be seen a switch
// happens on any packet.
#pragma once

#include "base/ids.h"
#include "videobridge/media/projection/projection.h"
#include "videobridge/media/projection/quality_filter.h"

namespace cloister::videobridge::media {

class GenericProjection final : public Projection {
public:
  void set_target(std::optional<Layer> target) override;
  void restart() override;
  Result<Rewrite, Drop> accept(const ParsedPacket& packet, StreamPosition& position) override;
  bool needs_key_frame() const override { return key_frames_known_ && filter_.needs_key_frame(); }
  std::optional<std::uint8_t> current_encoding() const override { return current_; }
  std::uint32_t timestamp_offset() const override { return timestamp_offset_; }

private:
  static constexpr std::int64_t kMaxDropout = 3000;  // RFC 3550 §A.1: further away is another stream

  bool accept_encoding(const ParsedPacket& packet);
  bool may_switch_to(std::uint8_t encoding) const;
  void begin(const ParsedPacket& packet, const StreamPosition& position);

  QualityFilter filter_;
  bool key_frames_known_ = false;
  std::optional<std::uint8_t> current_;
  std::optional<std::uint8_t> begun_;  // the encoding that the offsets belong to
  SequenceUnwrapper sequences_;
  std::int64_t first_ = 0;
  std::int64_t newest_ = 0;
  std::uint16_t sequence_offset_ = 0;
  std::uint32_t timestamp_offset_ = 0;
};

}  // namespace cloister::videobridge::media
