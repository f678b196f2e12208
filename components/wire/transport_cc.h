// Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1): which
// packets of a transport arrived, and when.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "wire/rtcp.h"

namespace cloister::wire {

inline constexpr std::uint8_t kFormatTransportCc = 15;
inline constexpr Duration kTransportCcTick = 250us;     // receive deltas
inline constexpr Duration kTransportCcTimeUnit = 64ms;  // reference time

bool is_transport_cc(const RtcpPacket& packet);

// A feedback message. Looks into the packet; parse_transport_cc() has checked that chunks and deltas are all
// there.
struct TransportCc {
  Ssrc sender{};
  Ssrc media{};
  std::uint16_t base_sequence = 0;
  std::uint16_t packets = 0;        // reported on, received or not
  std::int32_t reference_time = 0;  // 64 ms units, 24 bits signed, of the receiver's clock
  std::uint8_t feedback_count = 0;  // grows by one a message, wraps
  Bytes chunks;
  Bytes deltas;

  struct Packet {
    std::uint16_t sequence = 0;
    std::optional<Duration> arrival;  // on the receiver's clock; absent: not received
  };
  // Calls visit(const Packet&) for each packet reported on, in order.
  template <class Visit>
  void for_each(Visit&& visit) const;
};

Result<TransportCc, RtcpError> parse_transport_cc(const RtcpPacket& packet);

struct ArrivedPacket {
  std::uint16_t sequence = 0;
  TimePoint arrival;
};

// Writes one message about `arrived` (ascending sequence numbers without repetition, spanning less than
// 0x8000), whose first element's time is the reference. Packets in between are reported as lost. Stops early
// before an element whose delta does not fit in 16 bits or when the next one finds no room; returns how many
// elements were reported, 0 when nothing was written.
std::size_t write_transport_cc(ByteWriter& out, Ssrc sender, Ssrc media, std::uint8_t feedback_count,
                               std::span<const ArrivedPacket> arrived);

namespace detail {

// Status symbols (§3.1.1): 0 not received, 1 small delta, 2 large or negative delta, 3 reserved.
class StatusReader {
public:
  StatusReader(Bytes chunks, std::size_t packets) : in_(chunks), packets_left_(packets) {}
  // The next packet's symbol; empty when all are read or the chunks are over.
  std::optional<std::uint8_t> next();
  std::size_t position() const { return in_.position(); }
  bool complete() const { return packets_left_ == 0; }

private:
  ByteReader in_;
  std::size_t packets_left_;
  std::uint16_t chunk_ = 0;
  std::size_t symbols_left_ = 0;
};

}  // namespace detail

template <class Visit>
void TransportCc::for_each(Visit&& visit) const {
  detail::StatusReader statuses(chunks, packets);
  ByteReader in(deltas);
  Duration at = reference_time * kTransportCcTimeUnit;
  std::uint16_t sequence = base_sequence;
  for (auto status = statuses.next(); status; status = statuses.next(), ++sequence) {
    Packet packet{.sequence = sequence, .arrival = std::nullopt};
    if (*status == 1) packet.arrival = at += in.u8() * kTransportCcTick;
    if (*status == 2) packet.arrival = at += static_cast<std::int16_t>(in.u16()) * kTransportCcTick;
    visit(packet);
  }
}

}  // namespace cloister::wire
