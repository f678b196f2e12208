// A sender's packets, a port that keeps what goes out, and what a receiver reads from it: for the tests of
// the media path.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "net/packet_pool.h"
#include "videobridge/media/incoming/incoming_media.h"
#include "videobridge/media/outgoing/outgoing_media.h"
#include "wire/header_extension.h"
#include "wire/vp8.h"

namespace cloister::test {

using namespace cloister::videobridge::media;

inline constexpr std::uint8_t kOpus = 111;
inline constexpr std::uint8_t kRed = 112;
inline constexpr std::uint8_t kTelephoneEvent = 126;
inline constexpr std::uint8_t kVp8 = 100;
inline constexpr std::uint8_t kRtx = 96;
inline constexpr std::uint8_t kH264 = 107;
inline constexpr std::uint8_t kLevelId = 1;
inline constexpr std::uint8_t kSendTimeId = 3;
inline constexpr std::uint8_t kTransportCcId = 5;
inline constexpr std::uint8_t kMidId = 9;
inline constexpr std::uint8_t kOrientationId = 11;
inline constexpr TimePoint kStart{1000s};

inline PayloadMap usual_payloads() {
  PayloadMap map;
  map.add({.id = kOpus, .codec = Codec::opus, .kind = MediaKind::audio, .clock_rate = 48000});
  map.add({.id = kRed, .codec = Codec::red, .kind = MediaKind::audio, .clock_rate = 48000});
  map.add(
      {.id = kTelephoneEvent, .codec = Codec::telephone_event, .kind = MediaKind::audio, .clock_rate = 8000});
  PayloadFormat video{.id = kVp8, .codec = Codec::vp8, .kind = MediaKind::video, .clock_rate = 90000};
  video.nack = video.pli = video.fir = video.transport_cc = true;
  map.add(video);
  video.id = kH264;
  video.codec = Codec::h264;
  map.add(video);
  PayloadFormat rtx{.id = kRtx, .codec = Codec::rtx, .kind = MediaKind::video, .clock_rate = 90000};
  rtx.retransmits = kVp8;
  map.add(rtx);
  return map;
}

inline ExtensionMap usual_extensions() {
  ExtensionMap map;
  map.add(kLevelId, ExtensionKind::audio_level);
  map.add(kSendTimeId, ExtensionKind::absolute_send_time);
  map.add(kTransportCcId, ExtensionKind::transport_cc);
  map.add(kMidId, ExtensionKind::mid);
  map.add(kOrientationId, ExtensionKind::video_orientation);
  return map;
}

using Datagram = std::vector<std::byte>;

// What the receiver reads in a packet that was sent to it. The last four bytes of test payloads say which
// frame they are of.
struct Received {
  explicit Received(Datagram datagram) : bytes(std::move(datagram)) {
    const auto parsed = wire::parse_rtp(bytes);
    ASSERT(parsed.has_value());
    header = *parsed;
    if (const auto descriptor = wire::parse_vp8(media()); descriptor && header.payload_type == kVp8)
      vp8 = *descriptor;
  }
  // A copy's header looks into its own bytes.
  Received(const Received& other) : Received(other.bytes) {}
  Received(Received&&) = default;
  Bytes media() const { return header.payload; }
  std::uint8_t encoding() const { return get_u8(media().last(4), 0); }
  std::uint8_t part() const { return get_u8(media().last(4), 1); }
  std::uint16_t frame() const { return get_u16(media().last(4), 2); }
  std::optional<Bytes> extension(std::uint8_t id) const {
    wire::ExtensionReader elements(header);
    while (const auto element = elements.next())
      if (element->id == id) return element->data;
    return std::nullopt;
  }

  Datagram bytes;
  wire::RtpHeader header;
  std::optional<wire::Vp8Descriptor> vp8;
};

struct FakePort final : PacketPort {
  MutableBytes reserve() override { return full ? MutableBytes{} : MutableBytes(room); }
  void commit_rtp(std::size_t length) override {
    rtp.emplace_back(room.begin(), room.begin() + std::ptrdiff_t(length));
  }
  void commit_rtcp(std::size_t length) override {
    rtcp.emplace_back(room.begin(), room.begin() + std::ptrdiff_t(length));
  }
  std::vector<Received> take_rtp() {
    std::vector<Received> out;
    for (Datagram& datagram : std::exchange(rtp, {})) out.emplace_back(std::move(datagram));
    return out;
  }
  std::vector<Datagram> take_rtcp() { return std::exchange(rtcp, {}); }

  bool full = false;
  std::array<std::byte, 2048> room{};
  std::vector<Datagram> rtp;
  std::vector<Datagram> rtcp;
};

inline wire::RtcpPacket first_rtcp(Bytes compound) {
  return wire::RtcpReader(compound).next().value_or(wire::RtcpPacket{});
}

// One encoding of a VP8 source as libwebrtc sends it. Plain numbers: a test may set them.
struct Vp8Encoding {
  Ssrc ssrc{};
  std::uint8_t index = 0;
  std::uint16_t sequence = 0xfff0;
  std::uint32_t timestamp = 0xffff0000;
  std::uint16_t picture_id = 0x7ff0;
  std::uint8_t tl0 = 0xf0;
  std::uint16_t frames = 0;

  struct Frame {
    bool key = false;
    std::uint8_t temporal = 0;
    bool sync = false;
    std::uint8_t packets = 2;
  };
  std::vector<Datagram> write(const Frame& frame) {
    ++frames;
    timestamp += 3000;
    picture_id = (picture_id + 1) & 0x7fff;
    if (frame.temporal == 0) ++tl0;
    std::vector<Datagram> out;
    for (std::uint8_t part = 0; part < frame.packets; ++part) out.push_back(write_part(frame, part));
    return out;
  }

private:
  Datagram write_part(const Frame& frame, std::uint8_t part) {
    std::array<std::byte, 200> room{};
    ByteWriter out(room);
    wire::RtpHeader header;
    header.payload_type = kVp8;
    header.marker = part + 1 == frame.packets;
    header.sequence = sequence++;
    header.timestamp = timestamp;
    header.ssrc = ssrc;
    wire::write_rtp_header(out, header, wire::HasExtension::no);
    out.u8(part == 0 ? 0x90 : 0x80).u8(0xe0).u16(static_cast<std::uint16_t>(0x8000U | picture_id)).u8(tl0);
    out.u8(static_cast<std::uint8_t>(frame.temporal << 6 | (frame.sync ? 0x20 : 0)));
    if (part == 0) {
      out.u8(frame.key ? 0 : 1).u16(0);
      const auto height = static_cast<std::uint16_t>(180 << index);
      const auto width = static_cast<std::uint16_t>(height * 16 / 9);
      if (frame.key) out.u24(0x9d012a);
      for (const std::uint16_t size : {width, height})
        if (frame.key)
          out.u8(static_cast<std::uint8_t>(size & 0xff)).u8(static_cast<std::uint8_t>(size >> 8));
    }
    out.zeros(20).u8(index).u8(part).u16(frames);
    return Datagram(out.written().begin(), out.written().end());
  }
};

inline Datagram audio_packet(Ssrc ssrc, std::uint16_t sequence, std::uint32_t timestamp,
                             std::optional<std::uint8_t> level = std::nullopt) {
  std::array<std::byte, 200> room{};
  ByteWriter out(room);
  wire::RtpHeader header;
  header.payload_type = kOpus;
  header.sequence = sequence;
  header.timestamp = timestamp;
  header.ssrc = ssrc;
  wire::write_rtp_header(out, header, level ? wire::HasExtension::yes : wire::HasExtension::no);
  if (level) {
    const std::array data{static_cast<std::byte>(*level)};
    wire::ExtensionWriter block(out, wire::ExtensionWriter::Form::one_byte);
    block.add(kLevelId, data);
    block.finish();
  }
  out.zeros(16).u32(sequence);
  return Datagram(out.written().begin(), out.written().end());
}

// RFC 2198, each frame 20 ms behind the one before; the last of them is the packet's own.
inline Datagram red_packet(Ssrc ssrc, std::uint16_t sequence, std::uint32_t timestamp,
                           const std::vector<std::string_view>& before, std::string_view own) {
  std::array<std::byte, 200> room{};
  ByteWriter out(room);
  wire::RtpHeader header;
  header.payload_type = kRed;
  header.sequence = sequence;
  header.timestamp = timestamp;
  header.ssrc = ssrc;
  wire::write_rtp_header(out, header, wire::HasExtension::no);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto offset = static_cast<std::uint32_t>(960 * (before.size() - i));
    out.u8(0x80 | kOpus).u24(offset << 10 | static_cast<std::uint32_t>(before[i].size()));
  }
  out.u8(kOpus);
  for (const std::string_view frame : before) out.bytes(as_bytes(frame));
  out.bytes(as_bytes(own));
  return Datagram(out.written().begin(), out.written().end());
}

}  // namespace cloister::test
