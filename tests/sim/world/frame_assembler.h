// VP8 frames from packets, and whether a decoder could show them: what a browser's jitter buffer does,
// without the pictures.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "wire/rtp_header.h"
#include "wire/vp8.h"

namespace cloister::sim {

struct DecodedFrame {
  TimePoint at;
  bool key = false;
  std::uint16_t height = 0;
};

class FrameAssembler {
public:
  // A media packet, retransmissions unwrapped. Gives the frames that can be decoded now, in order.
  std::vector<DecodedFrame> add(const wire::RtpHeader& header, std::int64_t sequence, TimePoint now);
  // No frame until the next key frame.
  void wait_for_key_frame() { needs_key_ = true; }
  bool needs_key_frame() const { return needs_key_; }

  // What no decoder should have to see: time running backwards, or numbers of pictures that jump although no
  // packet is gone.
  int contradictions() const { return contradictions_; }

private:
  struct Packet {
    std::uint32_t timestamp = 0;
    bool marker = false;
    wire::Vp8Descriptor vp8;
    std::uint16_t height = 0;
  };
  using Packets = std::map<std::int64_t, Packet>;

  // The whole frame that begins here, as the number of its last packet; nothing while it is not complete.
  std::optional<std::int64_t> complete(Packets::const_iterator first) const;
  bool is_decodable(const Packet& first) const;
  void decode(const Packet& first, std::int64_t from, std::int64_t to);

  Packets packets_;
  bool needs_key_ = true;
  std::int64_t decoded_to_ = -1;  // sequence number
  std::uint32_t timestamp_ = 0;
  std::uint16_t picture_id_ = 0;
  std::uint8_t tl0_picture_index_ = 0;
  std::uint16_t height_ = 0;
  bool any_ = false;
  int contradictions_ = 0;
};

}  // namespace cloister::sim
