// The way of a packet to one receiver: which slot, which encoding and layer, which numbers, then out.
#include "videobridge/media/outgoing/send_path.h"

#include <algorithm>
#include <array>

namespace cloister::videobridge::media {

namespace {

constexpr Duration kSweepInterval = 1s;
constexpr Duration kUsualRtt = 100ms;
// What is lost on our way breaks the picture for so long.
constexpr Duration kRepairTime = 2s;
// A guess holds nothing back at first: packets that wait for it would keep it from being found wrong.
constexpr Duration kGuessing = 1s;

}  // namespace

SendPath::SendPath(OutgoingConfig config, PacketPort& port, OutgoingMedia::Conference& conference)
    : config_(config),
      port_(port),
      conference_(conference),
      audio_slots_(MediaKind::audio, config.audio_slots, Mids{config.mid_demux}),
      video_slots_(MediaKind::video, config.video_slots, Mids{config.mid_demux}) {}

void SendPath::forward(const ParsedPacket& packet, TimePoint now) {
  Forwarder* forwarder = find(*packet.source);
  if (forwarder == nullptr || !forwarder->target()) return drops_.add(Drop::not_wanted);
  const auto stream = stream_for(*forwarder, now);
  if (!stream) return drops_.add(stream.error());
  const auto rewrite = forwarder->accept(packet);
  if (forwarder->needs_key_frame()) ask_for_key_frame(*forwarder, now);
  if (!rewrite) return drops_.add(rewrite.error());
  if ((*stream)->cache) {
    (*stream)->cache->put(packet, *rewrite, now);
    sweep_later(now);
    if (pacer_.must_wait(now)) return hold_back(*forwarder, rewrite->sequence, now);
  }
  if (!send(**stream, packet, *rewrite, now)) drops_.add(Drop::no_room);
}

// Too much has left of late. What waits too long is worth less than a key frame that fits.
void SendPath::hold_back(Forwarder& forwarder, std::uint16_t sequence, TimePoint now) {
  if (pacer_.push(*forwarder.stream(), sequence, now)) return;
  begin_anew();
  forwarder.stream()->cache->drop(sequence);
  forwarder.restart();
  drops_.add(Drop::overdue);
}

Result<SendStream*, Drop> SendPath::stream_for(Forwarder& forwarder, TimePoint now) {
  const bool maps_itself = config_.ssrc_rewriting && forwarder.source().kind() == MediaKind::audio;
  if (forwarder.stream() == nullptr && maps_itself) lend_audio_slot(forwarder, now);
  SendStream* stream = forwarder.stream();
  if (stream == nullptr) return fail(Drop::not_mapped);
  stream->last_used = now;
  if (now < stream->usable_from) return fail(Drop::slot_too_fresh);
  return stream;
}

bool SendPath::send(SendStream& stream, const ParsedPacket& packet, const Rewrite& rewrite, TimePoint now) {
  PacketFields fields;
  fields.header = packet.header;
  if (packet.red_primary && payloads_.find(packet.header.payload_type) == nullptr) {
    fields.header.payload_type = packet.red_primary->payload_type;
    fields.header.payload = packet.red_primary->payload;
  }
  fields.kept = std::span(packet.kept).first(packet.kept_count);
  fields.mid = stream.mid;
  fields.codec = rewrite.codec;
  fields.header.marker = rewrite.marker;
  fields.header.ssrc = stream.ssrc;
  fields.header.sequence = rewrite.sequence;
  fields.header.timestamp = rewrite.timestamp;
  fields.rounded = config_.equal_sizes && packet.source->kind() == MediaKind::video;
  if (commit(fields, packet.format, now) == 0) return false;
  ++stream.packets;
  stream.octets += static_cast<std::uint32_t>(fields.header.payload.size());
  return true;
}

// Tags by what the receiver negotiated for the format: transport-wide numbers on video, else the send time.
std::size_t SendPath::commit(PacketFields& fields, const PayloadFormat* format, TimePoint now) {
  const bool tagged =
      format != nullptr && format->transport_cc && extensions_.id(ExtensionKind::transport_cc) != 0;
  if (tagged)
    fields.transport_sequence = downlink_.next_sequence();
  else if (extensions_.id(ExtensionKind::transport_cc) == 0)
    fields.absolute_send_time = now;
  const std::size_t length = write_packet(port_.reserve(), fields, extensions_);
  if (length == 0) return 0;
  port_.commit_rtp(length);
  if (tagged) downlink_.record(format->kind, length, now);
  pacer_.on_sent(length, now);
  ++totals_.packets;
  totals_.bytes += length;
  return length;
}

void SendPath::on_nack(const wire::Nack& nack, TimePoint now) {
  SendStream* stream = find_stream(nack.media);
  if (stream == nullptr || !stream->cache) return;
  // One on its way still may arrive (protocol/bridge.md §5.5).
  const Duration rtt = std::max(rtt_.value_or(0ms), downlink_.round_trip());
  const Duration patience = std::min<Duration>(rtt * 9 / 10, rtt - 5ms);
  nack.for_each([&](std::uint16_t sequence) {
    CachedPacket* packet = stream->cache->find(sequence);
    if (packet == nullptr || now - packet->last_sent() <= patience) return;
    if (packet->first_sent() <= stream->abandoned) return;
    if (!pacer_.may_repeat(packet->payload().size(), now)) return;
    if (send_cached(*stream, *packet, As::retransmission, now) == 0) return drops_.add(Drop::no_room);
    ++totals_.retransmitted;
  });
}

std::size_t SendPath::send_cached(SendStream& stream, CachedPacket& packet, As as, TimePoint now) {
  std::array<KeptExtension, kMaxKept> kept;
  PacketFields fields;
  fields.header.payload_type = packet.payload_type();
  fields.header.marker = packet.rewrite().marker;
  fields.header.sequence = packet.sequence();
  fields.header.timestamp = packet.rewrite().timestamp;
  fields.header.ssrc = stream.ssrc;
  fields.header.payload = packet.payload();
  fields.kept = std::span(kept).first(packet.kept(kept));
  fields.mid = stream.mid;
  fields.codec = packet.rewrite().codec;
  const auto rtx = payloads_.rtx_for(packet.payload_type());
  if (as == As::retransmission && rtx && stream.rtx_ssrc) {
    fields.original_sequence = packet.sequence();
    fields.header.payload_type = *rtx;
    fields.header.ssrc = *stream.rtx_ssrc;
    fields.header.sequence = stream.rtx_sequence++;
  } else {
    fields.rounded = config_.equal_sizes;
  }
  const std::size_t length = commit(fields, payloads_.find(packet.payload_type()), now);
  if (length > 0) packet.on_resent(now);
  return length;
}

void SendPath::send_waiting(TimePoint now) {
  while (const auto next = pacer_.pop(now)) {
    CachedPacket* packet = next->stream->cache->find(next->sequence);
    if (packet == nullptr || send_cached(*next->stream, *packet, As::media, now) == 0) {
      drops_.add(Drop::no_room);
      continue;
    }
    ++next->stream->packets;
    next->stream->octets += static_cast<std::uint32_t>(packet->payload().size());
  }
}

// Nothing of what waits is sent, not even when asked for again.
void SendPath::begin_anew() {
  while (const auto next = pacer_.take()) {
    next->stream->cache->drop(next->sequence);
    drops_.add(Drop::overdue);
    if (Forwarder* forwarder = find(next->stream->ssrc)) forwarder->restart();
  }
}

// Only what is shown now is reported on, by the numbers that the receiver sees; NTP time stays, for lip sync.
void SendPath::on_sender_report(const Source& source, std::uint8_t encoding, const wire::SenderReport& report,
                                TimePoint now) {
  Forwarder* forwarder = find(source);
  if (forwarder == nullptr || forwarder->current_encoding() != encoding) return;
  SendStream* stream = forwarder->stream();
  if (stream == nullptr || stream->packets == 0) return;
  const wire::SenderReport rewritten{.ssrc = stream->ssrc,
                                     .ntp = report.ntp,
                                     .rtp_timestamp = report.rtp_timestamp + forwarder->timestamp_offset(),
                                     .packets = stream->packets,
                                     .octets = stream->octets};
  ByteWriter out(port_.reserve());
  wire::write_sender_report(out, rewritten);
  if (!out.ok()) return drops_.add(Drop::no_room);
  port_.commit_rtcp(out.size());
  reports_.on_sent(rewritten, now);
}

void SendPath::on_key_frame_request(Ssrc media, TimePoint now) {
  Forwarder* forwarder = find(media);
  if (forwarder == nullptr || !forwarder->target()) return;
  const bool in_limit = forwarder->receivers_requests.allows(now);
  const bool is_repair = downlink_.has_lost_since(now - kRepairTime) && forwarder->repairs.allows(now);
  if (!in_limit && !is_repair) return;
  const std::uint8_t encoding = forwarder->current_encoding().value_or(forwarder->target()->encoding);
  if (!conference_.request_key_frame(forwarder->source(), encoding, now)) return;
  if (in_limit)
    forwarder->receivers_requests.on_request(now);
  else
    forwarder->repairs.on_request(now);
}

void SendPath::ask_for_key_frame(Forwarder& forwarder, TimePoint now) {
  if (!forwarder.own_requests.allows(now)) return;
  if (conference_.request_key_frame(forwarder.source(), forwarder.target()->encoding, now))
    forwarder.own_requests.on_request(now);
}

void SendPath::on_report_block(const wire::ReportBlock& block, TimePoint now) {
  if (const auto round_trip = reports_.round_trip(block, now)) rtt_ = round_trip;
}

void SendPath::on_transport_cc(const wire::TransportCc& feedback, TimePoint now) {
  downlink_.on_feedback(feedback, rtt_.value_or(kUsualRtt), totals_, now);
  if (!reported_) reported_ = now;
  if (downlink_.estimator()->is_proven() || now - *reported_ > kGuessing)
    pacer_.set_rate(*downlink_.estimate());
  if (probe_ && !downlink_.estimator()->is_calm()) end_probe();
  plan_probe(now);
}

void SendPath::sweep_later(TimePoint now) {
  if (!sweep_due_) sweep_due_ = now + kSweepInterval;
}

std::optional<TimePoint> SendPath::next_wakeup() const {
  const auto probe_due = probe_ ? std::optional(probe_->due) : std::nullopt;
  return earlier(earlier(sweep_due_, idle_due_), earlier(pacer_.next_due(), probe_due));
}

void SendPath::on_wakeup(TimePoint now) {
  if (const auto due = pacer_.next_due(); due && *due <= now) send_waiting(now);
  if (probe_ && probe_->due <= now) continue_probe(now);
  if (idle_due_ && *idle_due_ <= now) plan_probe(now);
  if (sweep_due_ && *sweep_due_ <= now) sweep(now);
}

void SendPath::sweep(TimePoint now) {
  bool any = false;
  for (const auto& slot : video_slots_.slots()) any = slot->stream.cache->expire(now) || any;
  for (const auto& lane : lanes_)
    if (lane != nullptr && lane->own_stream && lane->own_stream->cache)
      any = lane->own_stream->cache->expire(now) || any;
  sweep_due_.reset();
  if (any) sweep_later(now);
}

}  // namespace cloister::videobridge::media
