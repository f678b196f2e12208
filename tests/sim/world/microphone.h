// A browser's Opus without sound: a packet every 20 ms with its level.
#pragma once

#include <array>
#include <functional>

#include "base/clock.h"
#include "support/call/colibri_requests.h"
#include "support/call/rtp_stream.h"
#include "wire/rtcp.h"

namespace cloister::sim {

class Microphone {
public:
  static constexpr Duration kPacketTime = 20ms;
  static constexpr std::size_t kPayload = 80;
  static constexpr std::uint8_t kSpeech = 20;  // −dBov

  Microphone(Ssrc ssrc, support::Extensions extensions, support::TransportSequence& transport, TimePoint now)
      : rtp_(ssrc, support::kOpus, extensions, transport), next_packet_(now) {}

  TimePoint next_packet() const { return next_packet_; }
  void set_level(std::uint8_t level) { level_ = level; }
  void send_packet(const std::function<void(Bytes)>& send) {
    next_packet_ += kPacketTime;
    timestamp_ += 960;
    std::array<std::byte, 256> memory;
    ByteWriter out{memory};
    rtp_.write_header(out, {.timestamp = timestamp_, .level = level_});
    out.zeros(kPayload);
    send(out.written());
    ++packets_;
  }
  void write_sender_report(ByteWriter& out) const {
    wire::write_sender_report(out, {.ssrc = rtp_.ssrc(),
                                    .ntp = std::uint64_t{timestamp_} << 16,
                                    .rtp_timestamp = timestamp_,
                                    .packets = packets_,
                                    .octets = packets_ * static_cast<std::uint32_t>(kPayload)});
  }

private:
  support::RtpStream rtp_;
  TimePoint next_packet_;
  std::uint8_t level_ = kSpeech;
  std::uint32_t timestamp_ = 48000;
  std::uint32_t packets_ = 0;
};

}  // namespace cloister::sim
