// RTP as browsers send it: streams that number their packets, with the header extensions of our offers. For
// simulated participants and for load.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.h"
#include "wire/header_extension.h"
#include "wire/rtp_header.h"

namespace cloister::support {

// Ids as negotiated; 0: not used.
struct Extensions {
  std::uint8_t audio_level = 0;
  std::uint8_t transport_cc = 0;
};

// One per transport: all its packets count on (transport-wide sequence numbers).
struct TransportSequence {
  std::uint16_t next = 1;
};

// One SSRC. The header is written here, the payload by whoever knows the codec.
class RtpStream {
public:
  RtpStream(Ssrc ssrc, std::uint8_t payload_type, Extensions extensions, TransportSequence& transport)
      : ssrc_(ssrc), payload_type_(payload_type), extensions_(extensions), transport_(transport) {}

  struct Packet {
    std::uint32_t timestamp = 0;
    bool marker = false;
    std::optional<std::uint8_t> level{};  // −dBov of audio (RFC 6464)
  };
  // Writes the next packet's header; what follows in `out` is its payload.
  void write_header(ByteWriter& out, const Packet& packet) {
    const bool has_level = packet.level && extensions_.audio_level != 0;
    const bool extended = has_level || extensions_.transport_cc != 0;
    wire::RtpHeader header;
    header.payload_type = payload_type_;
    header.marker = packet.marker;
    header.sequence = next_++;
    header.timestamp = packet.timestamp;
    header.ssrc = ssrc_;
    wire::write_rtp_header(out, header, extended ? wire::HasExtension::yes : wire::HasExtension::no);
    if (!extended) return;
    wire::ExtensionWriter block(out, wire::ExtensionWriter::Form::one_byte);
    if (has_level) {
      const std::byte level{static_cast<std::uint8_t>(*packet.level | (*packet.level < 127 ? 0x80 : 0))};
      block.add(extensions_.audio_level, std::span(&level, 1));
    }
    if (extensions_.transport_cc != 0)
      set_u16(block.add_space(extensions_.transport_cc, 2), 0, transport_.next++);
    block.finish();
  }

  Ssrc ssrc() const { return ssrc_; }
  std::uint16_t next_sequence() const { return next_; }

private:
  Ssrc ssrc_;
  std::uint8_t payload_type_;
  Extensions extensions_;
  TransportSequence& transport_;
  std::uint16_t next_ = 0xfff0;  // wraps soon: what does not survive that is found early
};

}  // namespace cloister::support
