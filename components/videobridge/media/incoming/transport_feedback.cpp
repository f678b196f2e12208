#include "videobridge/media/incoming/transport_feedback.h"

#include <algorithm>
#include <span>

namespace cloister::videobridge::media {

void TransportFeedback::on_packet(std::uint16_t transport_sequence, Ssrc media, bool marker, TimePoint now,
                                  PacketPort& port) {
  media_ = media;
  if (packets_++ == 0) last_sent_ = now;
  record(transport_sequence, now);
  if (packets_ < 2) return;  // one packet says nothing about the path
  const Duration since = now - last_sent_;
  if (since >= kInterval || (marker && since >= kIntervalAtMarker) || arrived_.size() == kMaxPending)
    send(now, port);
}

std::optional<TimePoint> TransportFeedback::due() const {
  if (arrived_.empty() || packets_ < 2) return std::nullopt;
  return last_sent_ + kInterval;
}

void TransportFeedback::on_wakeup(TimePoint now, PacketPort& port) {
  if (const auto when = due(); when && *when <= now) send(now, port);
}

void TransportFeedback::record(std::uint16_t transport_sequence, TimePoint now) {
  // A jump over a quarter of the number space cannot stand in one message with what is pending.
  constexpr std::int32_t kMaxSpan = 0x4000;
  if (!arrived_.empty() && std::abs(distance(transport_sequence, arrived_.front().sequence)) > kMaxSpan)
    arrived_.clear();
  auto at = arrived_.end();
  while (at != arrived_.begin() && is_newer(std::prev(at)->sequence, transport_sequence)) --at;
  if (at != arrived_.begin() && std::prev(at)->sequence == transport_sequence) return;
  if (arrived_.size() < kMaxPending) arrived_.insert(at, {transport_sequence, now});
}

void TransportFeedback::send(TimePoint now, PacketPort& port) {
  constexpr std::size_t kMaxMessage = 1100;  // bytes, below any path's MTU
  last_sent_ = now;
  std::span<const wire::ArrivedPacket> pending(arrived_);
  while (!pending.empty()) {
    const MutableBytes room = port.reserve();
    ByteWriter out(room.first(std::min(room.size(), kMaxMessage)));
    const std::size_t written = wire::write_transport_cc(out, local_ssrc_, media_, count_, pending);
    if (written == 0) break;
    ++count_;
    port.commit_rtcp(out.size());
    pending = pending.subspan(written);
  }
  arrived_.clear();
}

}  // namespace cloister::videobridge::media
