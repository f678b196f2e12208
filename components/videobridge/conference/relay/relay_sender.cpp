#include "videobridge/conference/relay/relay_sender.h"

#include <algorithm>
#include <array>

#include "videobridge/bandwidth/receiver_settings.h"

namespace cloister::videobridge::conference {
namespace {

using media::ExtensionKind;
using media::PacketFields;
using media::SendStream;

constexpr Duration kSweepInterval = 1s;
// bandwidth/layers.cpp: whoever wants more than a thumbnail may be given any layer below this.
constexpr int kLargeHeight = 360;

}  // namespace

RelaySender::Lane::Lane(media::Source& of) : source(of) {
  streams.reserve(source.encodings().size());
  for (const media::EncodingDescription& encoding : source.encodings())
    streams.emplace_back(encoding.ssrc, encoding.rtx, source.kind());
  if (source.kind() == MediaKind::audio) max_height = bandwidth::kUnlimited;
}

// What the other bridge may choose from for a receiver with that limit (protocol/bridge.md §7.4).
bool RelaySender::Lane::carries(std::uint8_t encoding) const {
  if (max_height <= 0) return max_height < 0;
  const int height = source.height(encoding);
  return encoding == 0 || height <= max_height ||
         (max_height > bandwidth::kDefaultMaxHeight && height < kLargeHeight);
}

void RelaySender::add_source(media::Source& source) {
  const std::size_t index = raw(source.id());
  if (index >= lanes_.size()) lanes_.resize(index + 1);
  if (lanes_[index] == nullptr) lanes_[index] = std::make_unique<Lane>(source);
}

void RelaySender::remove_source(const media::Source& source) {
  if (lane_of(source) != nullptr) lanes_[raw(source.id())].reset();
}

void RelaySender::set_max_height(const media::Source& source, int max_height) {
  if (Lane* lane = lane_of(source); lane != nullptr && source.kind() == MediaKind::video)
    lane->max_height = max_height;
}

RelaySender::Lane* RelaySender::lane_of(const media::Source& source) const {
  const std::size_t index = raw(source.id());
  return index < lanes_.size() ? lanes_[index].get() : nullptr;
}

void RelaySender::forward(const media::ParsedPacket& packet, TimePoint now) {
  Lane* lane = lane_of(*packet.source);
  if (lane == nullptr) return;
  if (!lane->carries(packet.layer.encoding)) return drops_.add(media::Drop::not_wanted);
  SendStream& stream = lane->streams[packet.layer.encoding];
  media::Rewrite as_it_came{.sequence = packet.header.sequence,
                            .marker = packet.header.marker,
                            .timestamp = packet.header.timestamp,
                            .codec = {}};
  if (packet.dependencies)
    as_it_came.codec = wire::DependencyNumbers{.frame_number = packet.dependencies->frame_number};
  PacketFields fields;
  fields.header = packet.header;
  fields.kept = std::span(packet.kept).first(packet.kept_count);
  fields.codec = as_it_came.codec;
  if (!commit(fields, packet.format, now)) return drops_.add(media::Drop::no_room);
  ++stream.packets;
  stream.octets += static_cast<std::uint32_t>(packet.header.payload.size());
  if (!stream.cache) return;
  stream.cache->put(packet, as_it_came, now);
  if (!sweep_due_) sweep_due_ = now + kSweepInterval;
}

bool RelaySender::commit(PacketFields& fields, const media::PayloadFormat* format, TimePoint now) {
  const bool tagged =
      format != nullptr && format->transport_cc && extensions_.id(ExtensionKind::transport_cc) != 0;
  if (tagged) fields.transport_sequence = sent_.next();
  const std::size_t length = media::write_packet(port_.reserve(), fields, extensions_);
  if (length == 0) return false;
  port_.commit_rtp(length);
  if (tagged) sent_.record(length, now);
  ++totals_.packets;
  totals_.bytes += length;
  return true;
}

void RelaySender::on_sender_report(const media::Source& source, std::uint8_t encoding,
                                   const wire::SenderReport& report, TimePoint now) {
  Lane* lane = lane_of(source);
  if (lane == nullptr || !lane->carries(encoding)) return;
  const SendStream& stream = lane->streams[encoding];
  if (stream.packets == 0) return;
  wire::SenderReport ours = report;
  ours.packets = stream.packets;
  ours.octets = stream.octets;
  ByteWriter out(port_.reserve());
  wire::write_sender_report(out, ours);
  if (!out.ok()) return drops_.add(media::Drop::no_room);
  port_.commit_rtcp(out.size());
  reports_.on_sent(ours, now);
}

void RelaySender::on_nack(const wire::Nack& nack, TimePoint now) {
  SendStream* stream = find_stream(nack.media);
  if (stream == nullptr || !stream->cache) return;
  // One on its way still may arrive (protocol/bridge.md §5.5).
  const Duration rtt = rtt_.value_or(0ms);
  const Duration patience = std::min<Duration>(rtt * 9 / 10, rtt - 5ms);
  nack.for_each([&](std::uint16_t sequence) {
    media::CachedPacket* packet = stream->cache->find(sequence);
    if (packet == nullptr || now - packet->last_sent() <= patience) return;
    repeat(*stream, *packet, now);
  });
}

// Only as RTX: under its own number the packet would be another plaintext under one nonce, for its
// transport-wide number is another one.
void RelaySender::repeat(SendStream& stream, media::CachedPacket& packet, TimePoint now) {
  const auto rtx = payloads_.rtx_for(packet.payload_type());
  if (!rtx || !stream.rtx_ssrc) return;
  std::array<media::KeptExtension, media::kMaxKept> kept;
  PacketFields fields;
  fields.header.payload_type = *rtx;
  fields.header.marker = packet.rewrite().marker;
  fields.header.sequence = stream.rtx_sequence++;
  fields.header.timestamp = packet.rewrite().timestamp;
  fields.header.ssrc = *stream.rtx_ssrc;
  fields.header.payload = packet.payload();
  fields.original_sequence = packet.sequence();
  fields.kept = std::span(kept).first(packet.kept(kept));
  fields.codec = packet.rewrite().codec;
  if (!commit(fields, payloads_.find(packet.payload_type()), now)) return drops_.add(media::Drop::no_room);
  packet.on_resent(now);
  ++totals_.retransmitted;
}

void RelaySender::on_report_block(const wire::ReportBlock& block, TimePoint now) {
  if (const auto round_trip = reports_.round_trip(block, now)) rtt_ = round_trip;
}

void RelaySender::on_transport_cc(const wire::TransportCc& feedback, TimePoint now) {
  totals_.unmatched_feedback +=
      sent_.on_feedback(feedback, now, [&](const media::SentPackets::Outcome& packet) {
        ++(packet.arrival ? totals_.reported_received : totals_.reported_lost);
      });
}

std::optional<RelaySender::Target> RelaySender::find(Ssrc sent) {
  for (const auto& lane : lanes_) {
    if (lane == nullptr) continue;
    const auto stream = std::ranges::find(lane->streams, sent, &SendStream::ssrc);
    if (stream != lane->streams.end())
      return Target{&lane->source, static_cast<std::uint8_t>(stream - lane->streams.begin())};
  }
  return std::nullopt;
}

SendStream* RelaySender::find_stream(Ssrc sent) {
  const auto target = find(sent);
  return target ? &lane_of(*target->source)->streams[target->encoding] : nullptr;
}

void RelaySender::on_wakeup(TimePoint now) {
  if (!sweep_due_ || *sweep_due_ > now) return;
  bool any = false;
  for (const auto& lane : lanes_) {
    if (lane == nullptr) continue;
    for (SendStream& stream : lane->streams) any = (stream.cache && stream.cache->expire(now)) || any;
  }
  sweep_due_ = any ? std::optional(now + kSweepInterval) : std::nullopt;
}

}  // namespace cloister::videobridge::conference
