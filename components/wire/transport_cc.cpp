#include "wire/transport_cc.h"

#include <limits>

namespace cloister::wire {

namespace {

constexpr std::size_t kFixedPart =
    16;  // bytes: both SSRCs, base sequence, count, reference time, feedback count
constexpr std::uint8_t kSmallDelta = 1;
constexpr std::uint8_t kLargeDelta = 2;
constexpr std::size_t kSymbolsPerVector = 7;  // of two bits
constexpr std::size_t kMaxRun = 0x1fff;

std::int64_t ticks(TimePoint time) { return time.time_since_epoch() / kTransportCcTick; }

}  // namespace

namespace detail {

std::optional<std::uint8_t> StatusReader::next() {
  if (packets_left_ == 0) return std::nullopt;
  while (symbols_left_ == 0) {  // more than once after an empty run
    chunk_ = in_.u16();
    if (!in_.ok()) return std::nullopt;
    if ((chunk_ & 0x8000U) == 0)
      symbols_left_ = chunk_ & kMaxRun;
    else
      symbols_left_ = (chunk_ & 0x4000U) != 0 ? kSymbolsPerVector : 2 * kSymbolsPerVector;
  }
  --packets_left_;
  --symbols_left_;
  if ((chunk_ & 0x8000U) == 0) return static_cast<std::uint8_t>(chunk_ >> 13 & 3U);
  if ((chunk_ & 0x4000U) != 0) return static_cast<std::uint8_t>(chunk_ >> (2 * symbols_left_) & 3U);
  return static_cast<std::uint8_t>(chunk_ >> symbols_left_ & 1U);
}

}  // namespace detail

bool is_transport_cc(const RtcpPacket& packet) {
  return packet.type == RtcpType::transport_feedback && packet.count == kFormatTransportCc;
}

Result<TransportCc, RtcpError> parse_transport_cc(const RtcpPacket& packet) {
  if (!is_transport_cc(packet)) return fail(RtcpError::wrong_type);
  if (packet.body.size() < kFixedPart) return fail(RtcpError::truncated);
  ByteReader in(packet.body);
  TransportCc out;
  out.sender = Ssrc{in.u32()};
  out.media = Ssrc{in.u32()};
  out.base_sequence = in.u16();
  out.packets = in.u16();
  out.reference_time = static_cast<std::int32_t>(in.u24() << 8) >> 8;
  out.feedback_count = in.u8();
  const Bytes rest = in.rest();
  detail::StatusReader statuses(rest, out.packets);
  std::size_t delta_bytes = 0;
  while (const auto status = statuses.next()) {
    if (*status == 3) return fail(RtcpError::bad_field);
    delta_bytes += *status;
  }
  if (!statuses.complete()) return fail(RtcpError::truncated);
  out.chunks = rest.first(statuses.position());
  out.deltas = rest.subspan(statuses.position());
  if (out.deltas.size() < delta_bytes) return fail(RtcpError::truncated);
  return out;
}

namespace {

// The statuses as they are written: runs of equal ones where seven or more come together, else seven of two
// bits.
class ChunkWriter {
public:
  explicit ChunkWriter(ByteWriter& out) : out_(out) {}

  void add(std::uint8_t status) {
    if (in_vector_ > 0) return add_to_vector(status);
    if (run_ > 0 && status != status_) {
      if (run_ >= kSymbolsPerVector) {
        finish();
      } else {
        for (; run_ > 0; --run_) add_to_vector(status_);
        return add_to_vector(status);
      }
    }
    status_ = status;
    if (++run_ == kMaxRun) finish();
  }

  void finish() {
    if (run_ > 0) out_.u16(static_cast<std::uint16_t>(status_ << 13 | run_));
    run_ = 0;
    while (in_vector_ > 0) add_to_vector(0);
  }

private:
  void add_to_vector(std::uint8_t status) {
    vector_ = static_cast<std::uint16_t>(vector_ << 2 | status);
    if (++in_vector_ < kSymbolsPerVector) return;
    out_.u16(static_cast<std::uint16_t>(0xc000U | vector_));
    in_vector_ = 0;
    vector_ = 0;
  }

  ByteWriter& out_;
  std::uint8_t status_ = 0;
  std::size_t run_ = 0;
  std::size_t in_vector_ = 0;
  std::uint16_t vector_ = 0;
};

std::uint8_t status_of(std::int64_t delta) { return delta >= 0 && delta <= 255 ? kSmallDelta : kLargeDelta; }

// How many elements fit into `room` bytes and into deltas of 16 bits.
std::size_t count_fitting(std::span<const ArrivedPacket> arrived, std::int64_t reference, std::size_t room) {
  std::int64_t last = reference;
  std::size_t delta_bytes = 0;
  for (std::size_t i = 0; i < arrived.size(); ++i) {
    const std::int64_t delta = ticks(arrived[i].arrival) - last;
    if (delta < std::numeric_limits<std::int16_t>::min() || delta > std::numeric_limits<std::int16_t>::max())
      return i;
    last += delta;
    delta_bytes += status_of(delta);
    const auto span = static_cast<std::uint16_t>(arrived[i].sequence - arrived[0].sequence) + 1U;
    const std::size_t chunk_bytes = 2 * (span / kSymbolsPerVector + 1);
    if (4 + kFixedPart + chunk_bytes + delta_bytes + 3 > room) return i;
  }
  return arrived.size();
}

}  // namespace

std::size_t write_transport_cc(ByteWriter& out, Ssrc sender, Ssrc media, std::uint8_t feedback_count,
                               std::span<const ArrivedPacket> arrived) {
  if (arrived.empty()) return 0;
  constexpr std::int64_t kUnit = kTransportCcTimeUnit / kTransportCcTick;
  const std::int64_t reference = ticks(arrived.front().arrival) / kUnit;
  arrived = arrived.first(count_fitting(arrived, reference * kUnit, out.left()));
  if (arrived.empty()) return 0;

  const std::size_t start = out.size();
  const std::uint16_t base = arrived.front().sequence;
  write_rtcp_header(out, RtcpType::transport_feedback, kFormatTransportCc, 0);
  out.u32(raw(sender)).u32(raw(media)).u16(base);
  out.u16(static_cast<std::uint16_t>(arrived.back().sequence - base + 1));
  out.u24(static_cast<std::uint32_t>(reference) & 0xffffffU).u8(feedback_count);

  ChunkWriter chunks(out);
  std::int64_t last = reference * kUnit;
  std::uint16_t next = base;
  for (const ArrivedPacket& packet : arrived) {
    for (; next != packet.sequence; ++next) chunks.add(0);
    chunks.add(status_of(ticks(packet.arrival) - last));
    last = ticks(packet.arrival);
    ++next;
  }
  chunks.finish();

  last = reference * kUnit;
  for (const ArrivedPacket& packet : arrived) {
    const std::int64_t delta = ticks(packet.arrival) - last;
    last += delta;
    if (status_of(delta) == kSmallDelta)
      out.u8(static_cast<std::uint8_t>(delta));
    else
      out.u16(static_cast<std::uint16_t>(delta));
  }
  out.zeros((4 - (out.size() - start) % 4) % 4);
  set_u16(out.written(), start + 2, static_cast<std::uint16_t>((out.size() - start) / 4 - 1));
  return arrived.size();
}

}  // namespace cloister::wire
