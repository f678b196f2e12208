// Reports to the sender which packets arrived when, by transport-wide sequence number (protocol/bridge.md
// §5.7).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "videobridge/media/model/packet_port.h"
#include "wire/transport_cc.h"

namespace cloister::videobridge::media {

class TransportFeedback {
public:
  static constexpr Duration kInterval = 100ms;
  static constexpr Duration kIntervalAtMarker = 20ms;

  explicit TransportFeedback(Ssrc local_ssrc) : local_ssrc_(local_ssrc) {}

  // `transport_sequence` is the extension's number, `media` the packet's SSRC. Sends when that is due.
  void on_packet(std::uint16_t transport_sequence, Ssrc media, bool marker, TimePoint now, PacketPort& port);
  std::optional<TimePoint> due() const;
  void on_wakeup(TimePoint now, PacketPort& port);

private:
  static constexpr std::size_t kMaxPending = 512;

  void record(std::uint16_t transport_sequence, TimePoint now);
  void send(TimePoint now, PacketPort& port);

  Ssrc local_ssrc_;
  Ssrc media_{};
  std::vector<wire::ArrivedPacket> arrived_;  // ascending by sequence number; keeps its memory
  std::uint64_t packets_ = 0;
  TimePoint last_sent_;
  std::uint8_t count_ = 0;
};

}  // namespace cloister::videobridge::media
