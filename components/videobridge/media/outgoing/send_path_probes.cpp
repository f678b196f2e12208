// SendPath's probes: recent media once more as RTX, which at worst repairs a loss, else padding. A cluster
// leaves in steps of 5 ms.
#include <algorithm>

#include "videobridge/media/outgoing/send_path.h"

namespace cloister::videobridge::media {
namespace {

using bandwidth::estimation::bytes_in;

constexpr Duration kProbeStep = 5ms;
constexpr Duration kIdle = 1s;
// How far back a packet of the right size is looked for.
constexpr std::uint16_t kSearched = 64;
constexpr std::uint8_t kPadding = 255;
constexpr std::size_t kPaddingPacket = 12 + 8 + kPadding;  // with header and extension

}  // namespace

// With each report, and now and then without: when no video is sent, no reports come.
void SendPath::plan_probe(TimePoint now) {
  if (downlink_.estimator() == nullptr) return;
  idle_due_ = downlink_.is_wanting() ? std::optional(now + kIdle) : std::nullopt;
  if (probe_) return;
  const auto cluster = downlink_.estimator()->plan_probe(now);
  if (!cluster) return;
  probe_ = Probe{
      .cluster = *cluster, .begun = now, .bytes_before = totals_.bytes, .packets_before = totals_.packets};
  downlink_.estimator()->on_probe_begin(downlink_.next_sequence(), *cluster, now);
  continue_probe(now);
}

// Media is part of it: only what is missing is added.
void SendPath::continue_probe(TimePoint now) {
  const Downlink::Estimator::Cluster& cluster = probe_->cluster;
  const std::int64_t share = bytes_in(cluster.rate, now - probe_->begun + kProbeStep);
  const auto bytes = [&] { return static_cast<std::int64_t>(totals_.bytes - probe_->bytes_before); };
  const auto packets = [&] { return static_cast<int>(totals_.packets - probe_->packets_before); };
  const auto is_complete = [&] { return bytes() >= cluster.bytes && packets() >= cluster.packets; };
  while (!is_complete() && bytes() < share) {
    if (send_probe_packet(now) == 0) return end_probe();
    ++totals_.probed;
  }
  if (is_complete()) return end_probe();
  probe_->due = now + kProbeStep;
}

void SendPath::end_probe() {
  downlink_.estimator()->on_probe_end(downlink_.next_sequence());
  probe_.reset();
}

std::size_t SendPath::send_probe_packet(TimePoint now) {
  SendStream* stream = freshest_stream();
  // Some packets make a cluster: none may be most of it.
  const auto largest = static_cast<std::size_t>(probe_->cluster.bytes / 3);
  if (stream != nullptr && largest > kPaddingPacket) {
    while (probe_->searched < kSearched) {
      CachedPacket* packet =
          stream->cache->find(static_cast<std::uint16_t>(stream->cache->newest() - probe_->searched++));
      if (packet == nullptr || packet->payload().size() > largest ||
          !payloads_.rtx_for(packet->payload_type()))
        continue;
      return send_cached(*stream, *packet, As::retransmission, now);
    }
  }
  return stream == nullptr ? 0 : send_padding(*stream, now);
}

std::size_t SendPath::send_padding(SendStream& stream, TimePoint now) {
  const PayloadFormat* rtx = payloads_.find_rtx();
  if (rtx == nullptr || !rtx->retransmits) return 0;
  PacketFields fields;
  fields.header.payload_type = rtx->id;
  fields.header.sequence = stream.rtx_sequence++;
  fields.header.timestamp = stream.position.timestamp;
  fields.header.ssrc = *stream.rtx_ssrc;
  fields.mid = stream.mid;
  fields.padding = kPadding;
  return commit(fields, payloads_.find(*rtx->retransmits), now);
}

// The video stream that was used last and has an RTX stream beside it.
SendStream* SendPath::freshest_stream() {
  SendStream* freshest = nullptr;
  const auto look_at = [&](SendStream& stream) {
    if (!stream.cache || !stream.rtx_ssrc) return;
    if (freshest == nullptr || stream.last_used > freshest->last_used) freshest = &stream;
  };
  for (const auto& slot : video_slots_.slots()) look_at(slot->stream);
  for (const auto& lane : lanes_)
    if (lane != nullptr && lane->own_stream) look_at(*lane->own_stream);
  return freshest;
}

}  // namespace cloister::videobridge::media
