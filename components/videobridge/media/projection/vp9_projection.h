// VP9 with picture ids (RFC 9628): chooses encoding, spatial and temporal layers of one or several streams
// (protocol/bridge.md §6.3). Whether a layer frame can be decoded is told by what it refers to: exactly in
// flexible mode, by the layers' base pictures otherwise. A lower spatial layer goes along only where a higher
// one is predicted from it, which in k-SVC are the key pictures.
#pragma once

#include <array>

#include "videobridge/media/projection/encoding_projection.h"

namespace cloister::videobridge::media {

// Packets must have picture ids.
class Vp9Projection final : public EncodingProjection {
public:
  Vp9Projection()
      : EncodingProjection({.numbers = wire::kPictureIds, .max_jump = 500, .memory = kPictures}) {}

private:
  static constexpr std::size_t kPictures = 128;  // remembered: four seconds and more
  static constexpr std::uint8_t kSpatial = 8;    // what the descriptor can count
  static constexpr std::uint8_t kAllTemporal = 7;

  // What was decided about the layer frames of a picture; a bit for each spatial layer.
  struct Picture {
    std::uint16_t number = 0;  // the low bits: each entry changes with every 128th picture
    std::uint8_t known = 0;
    std::uint8_t accepted = 0;
  };
  enum class Fate : std::uint8_t { unknown, accepted, dropped };

  std::uint16_t number_of(const ParsedPacket& packet) const override { return *packet.vp9->picture_id; }
  void begin_codec(const ParsedPacket& packet, const StreamPosition& position) override;
  bool accept_frame(const ParsedPacket& packet, std::int64_t picture) override;
  void place_frame(const ParsedPacket& packet, std::int64_t picture,
                   PacketNumbering::Place& place) const override;
  std::optional<CodecNumbers> renumber(const ParsedPacket& packet, std::int64_t picture) override;
  bool ends_picture(const ParsedPacket& packet) const override;
  void note(const CodecNumbers& numbers, StreamPosition& position) const override;

  bool decide(const ParsedPacket& packet, std::int64_t picture);
  void begin_key_picture(std::int64_t picture);
  void move_down(const wire::Vp9Descriptor& vp9, std::int64_t picture);
  bool accept_spatial(const wire::Vp9Descriptor& vp9, std::int64_t picture);
  bool accept_temporal(const wire::Vp9Descriptor& vp9);
  bool can_be_decoded(const wire::Vp9Descriptor& vp9, std::int64_t picture) const;
  void fall_back();
  std::uint8_t wanted_spatial() const;
  Fate fate(std::int64_t picture, std::uint8_t spatial) const;
  Picture& picture_at(std::int64_t picture) {
    return pictures_[static_cast<std::size_t>(picture) % kPictures];
  }
  const Picture& picture_at(std::int64_t picture) const {
    return pictures_[static_cast<std::size_t>(picture) % kPictures];
  }

  std::array<Picture, kPictures> pictures_{};
  std::int64_t key_picture_ = -1;
  std::uint8_t spatial_ = 0;              // the layer shown
  std::uint8_t top_ = 0;                  // the highest one sent
  std::array<bool, kSpatial> flowing_{};  // the layer's last base picture was accepted
  std::uint8_t open_temporal_ = 0;        // layers up to here may follow what was sent
  bool up_seen_ = false;                  // the sender marks where temporal layers may be joined
  std::uint16_t picture_offset_ = 0;
  std::uint8_t tl0_offset_ = 0;
};

}  // namespace cloister::videobridge::media
