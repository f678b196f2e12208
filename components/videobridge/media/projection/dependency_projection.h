// Any codec whose packets bring a dependency descriptor, AV1 above all: chooses encoding, spatial and
// temporal layers (protocol/bridge.md §6.3). A frame passes when the decode target shown needs it and nothing
// that it refers to was left out. Frame numbers keep their distances, for references are counted in them.
#pragma once

#include <array>

#include "videobridge/media/projection/encoding_projection.h"

namespace cloister::videobridge::media {

class DependencyProjection final : public EncodingProjection {
public:
  DependencyProjection() : EncodingProjection({.numbers = 0x10000, .max_jump = 1500, .memory = kFrames}) {}

private:
  static constexpr std::size_t kFrames = 256;  // remembered: three seconds of three spatial layers

  struct Frame {
    std::uint32_t number : 31 = 0;  // the low bits
    std::uint32_t accepted : 1 = 0;
    bool is(std::int64_t other) const { return number == (static_cast<std::uint32_t>(other) & 0x7fffffffU); }
  };

  std::uint16_t number_of(const ParsedPacket& packet) const override {
    return packet.dependencies->frame_number;
  }
  void begin_codec(const ParsedPacket& packet, const StreamPosition& position) override;
  bool accept_frame(const ParsedPacket& packet, std::int64_t number) override;
  void place_frame(const ParsedPacket& packet, std::int64_t number,
                   PacketNumbering::Place& place) const override;
  std::optional<CodecNumbers> renumber(const ParsedPacket& packet, std::int64_t number) override;
  bool ends_picture(const ParsedPacket& packet) const override;
  void note(const CodecNumbers& numbers, StreamPosition& position) const override;

  bool decide(const ParsedPacket& packet, std::int64_t number);
  void on_structure(const wire::DependencyStructure& structure);
  void on_active_targets(const wire::DependencyStructure& structure, std::uint32_t active);
  void steer(const ParsedPacket& packet, bool decodable);
  void announce_targets(const ParsedPacket& packet, std::int64_t number);
  bool can_be_decoded(const wire::FrameDependencies& frame, std::int64_t number) const;
  std::uint8_t wanted_spatial() const;
  std::uint8_t wanted_temporal() const;
  bool is_shown(wire::DependencyStructure::Target target) const {
    return target.spatial <= spatial_ && target.temporal <= wanted_temporal();
  }
  // The decode target that comes closest from below.
  std::size_t find_target(const wire::DependencyStructure& structure, std::uint8_t spatial) const;
  Frame& frame_at(std::int64_t number) { return frames_[static_cast<std::size_t>(number) % kFrames]; }
  const Frame& frame_at(std::int64_t number) const {
    return frames_[static_cast<std::size_t>(number) % kFrames];
  }

  std::array<Frame, kFrames> frames_{};
  std::uint8_t spatial_ = 0;   // the layer shown
  std::uint8_t top_ = 0;       // the highest one sent
  std::uint32_t active_ = 0;   // the targets that the sender serves
  std::uint32_t served_ = 0;   // those that the receiver was told of
  std::int64_t telling_ = -1;  // the frame that tells
  std::uint8_t target_count_ = 0;
  std::uint8_t next_template_ = 0;  // behind the structure's, as sent
  std::uint8_t template_shift_ = 0;
  std::uint16_t frame_offset_ = 0;
};

}  // namespace cloister::videobridge::media
