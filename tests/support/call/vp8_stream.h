// One VP8 encoding without an encoder: frames that carry all that a bridge and a receiver look at, the
// payload descriptor (RFC 7741 §4.2) and the key frame's header (RFC 6386 §9.1), and filling.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>

#include "support/call/rtp_stream.h"

namespace cloister::support {

inline constexpr std::size_t kVp8DescriptorSize = 6;
inline constexpr std::size_t kVp8KeyFrameHeaderSize = 10;

struct Vp8Frame {
  std::uint32_t timestamp = 0;
  bool key = false;
  std::uint8_t temporal = 0;
  bool layer_sync = false;
  std::size_t packets = 1;
  std::size_t packet_bytes = 1200;  // RTP header included
  std::size_t longer = 0;           // so many of the packets, the last ones, by a byte
};

class Vp8Stream {
public:
  Vp8Stream(Ssrc ssrc, std::uint8_t payload_type, std::uint16_t width, std::uint16_t height,
            Extensions extensions, TransportSequence& transport)
      : rtp_(ssrc, payload_type, extensions, transport),
        width_(width),
        height_(height),
        picture_id_(static_cast<std::uint16_t>((0x7ff0U - 7 * (raw(ssrc) & 0xffU)) & 0x7fffU)),
        tl0_picture_index_(static_cast<std::uint8_t>(0xf0U - 5 * raw(ssrc))) {}

  // Hands the frame's packets to `send`, one at a time; the bytes live for the call.
  void write(const Vp8Frame& frame, const std::function<void(Bytes)>& send) {
    picture_id_ = static_cast<std::uint16_t>((picture_id_ + 1) & 0x7fff);
    if (frame.temporal == 0) ++tl0_picture_index_;
    for (std::size_t i = 0; i < frame.packets; ++i) {
      const bool is_longer = i + frame.longer >= frame.packets;
      ByteWriter out{std::span(memory_).first(frame.packet_bytes + (is_longer ? 1 : 0))};
      rtp_.write_header(out, {.timestamp = frame.timestamp, .marker = i + 1 == frame.packets});
      write_descriptor(out, frame, i == 0);
      if (i == 0) write_frame_header(out, frame.key);
      out.zeros(out.left());
      send(out.written());
    }
  }

  Ssrc ssrc() const { return rtp_.ssrc(); }
  std::uint16_t height() const { return height_; }

private:
  void write_descriptor(ByteWriter& out, const Vp8Frame& frame, bool first) {
    const unsigned droppable = frame.temporal == 2 ? 0x20U : 0U;
    out.u8(static_cast<std::uint8_t>(0x80U | droppable | (first ? 0x10U : 0U)));  // X, N, S, partition 0
    out.u8(0xe0);                                                                 // I, L, T
    out.u16(static_cast<std::uint16_t>(0x8000U | picture_id_));
    out.u8(tl0_picture_index_);
    out.u8(static_cast<std::uint8_t>(frame.temporal << 6 | (frame.layer_sync ? 0x20 : 0)));
  }
  void write_frame_header(ByteWriter& out, bool key) {
    out.u8(key ? 0x10 : 0x11).u16(0x0200);  // P bit inverted, version 0, shown, a first partition
    if (!key) return;
    out.u24(0x9d012a);
    for (const std::uint16_t side : {width_, height_})
      out.u8(side & 0xffU).u8(static_cast<std::uint8_t>(side >> 8));
  }

  RtpStream rtp_;
  std::uint16_t width_;
  std::uint16_t height_;
  // These wrap soon, too, and differ from encoding to encoding, as those of browsers do.
  std::uint16_t picture_id_;
  std::uint8_t tl0_picture_index_;
  std::array<std::byte, 1500> memory_{};
};

}  // namespace cloister::support
