// What the codecs with numbered frames have in common: a receiver is shown one encoding at a time, entered at
// a key frame; each frame is decided about once; everything sent is numbered without a break
// (protocol/bridge.md §6.3, §6.4). A codec says which frames pass and how its own numbers go on.
#pragma once

#include <array>
#include <optional>

#include "videobridge/media/projection/packet_numbering.h"
#include "videobridge/media/projection/projection.h"
#include "videobridge/media/projection/quality_filter.h"

namespace cloister::videobridge::media {

class EncodingProjection : public Projection {
public:
  void set_target(std::optional<Layer> target) final;
  void restart() final;
  Result<Rewrite, Drop> accept(const ParsedPacket& packet, StreamPosition& position) final;
  bool needs_key_frame() const final { return filter_.needs_key_frame(); }
  std::optional<std::uint8_t> current_encoding() const final { return filter_.current(); }
  std::uint32_t timestamp_offset() const final { return packets_.timestamp_offset(); }

protected:
  // Of pictures or frames: how they are counted and how far back they are remembered.
  struct Counting {
    std::int32_t numbers = 0;   // so many, then they wrap
    std::int32_t max_jump = 0;  // further away the sender has started anew
    std::int64_t memory = 0;
  };
  explicit EncodingProjection(Counting counting) : counting_(counting) {}

  // The packet's picture or frame as sent.
  virtual std::uint16_t number_of(const ParsedPacket& packet) const = 0;
  // A key frame's first packet begins an encoding; first() is its number.
  virtual void begin_codec(const ParsedPacket& packet, const StreamPosition& position) = 0;
  // Decides with the first packet seen of a frame, recalls with the others.
  virtual bool accept_frame(const ParsedPacket& packet, std::int64_t number) = 0;
  // Its place among the packets; `sequence` is filled in already.
  virtual void place_frame(const ParsedPacket& packet, std::int64_t number,
                           PacketNumbering::Place& place) const = 0;
  // None when the number is older than the memory.
  virtual std::optional<CodecNumbers> renumber(const ParsedPacket& packet, std::int64_t number) = 0;
  virtual bool ends_picture(const ParsedPacket& packet) const { return packet.header.marker; }
  // `numbers` were sent last.
  virtual void note(const CodecNumbers& numbers, StreamPosition& position) const = 0;

  // How far `a` is ahead of `b`; negative when behind.
  std::int32_t ahead(std::uint16_t a, std::uint16_t b) const;
  // Numbers extended beyond their wrapping; positive.
  std::int64_t first() const { return first_; }
  std::int64_t newest() const { return newest_; }
  std::int64_t newest_placed() const { return packets_.newest_frame(); }

  QualityFilter filter_;

private:
  static constexpr std::int32_t kMaxDropout = 3000;  // packets, RFC 3550 §A.1

  bool continues(const ParsedPacket& packet) const;
  Result<Rewrite, Drop> accept_other(const ParsedPacket& packet, StreamPosition& position);
  Result<Rewrite, Drop> accept_current(const ParsedPacket& packet, StreamPosition& position);
  void begin(const ParsedPacket& packet, const StreamPosition& position);
  bool comes_too_late(const ParsedPacket& key_frame) const;

  Counting counting_;
  // Per encoding that is not shown: the newest base-layer frame dropped. A key frame before it comes too
  // late.
  std::array<std::optional<std::uint16_t>, kMaxEncodings> dropped_base_{};

  // All below belongs to the current encoding since its beginning.
  bool begun_ = false;
  PacketNumbering packets_;
  std::int64_t first_ = 0;
  std::int64_t newest_ = 0;
};

}  // namespace cloister::videobridge::media
