// The life of an arriving packet: one line is one step, one step is one file. What stops here is counted
// under its reason.
#include "videobridge/media/incoming/receive_path.h"

#include <utility>

#include "videobridge/media/incoming/packet_inspection.h"

namespace cloister::videobridge::media {

void ReceivePath::on_rtp(net::Packet datagram, TimePoint now, Sink& sink) {
  const auto header = wire::parse_rtp(std::as_const(datagram).bytes());
  if (!header) return drops_.add(Drop::bad_rtp_header);
  ParsedPacket packet;
  packet.packet = std::move(datagram);
  packet.header = *header;
  packet.arrival = now;
  packet.format = payloads_.find(header->payload_type);
  if (packet.format == nullptr) return drops_.add(Drop::unknown_payload_type);

  if (const auto transport_sequence = inspect_extensions(extensions_, packet))
    feedback_.on_packet(*transport_sequence, header->ssrc, header->marker, now, port_);

  const SourceTable::Entry* entry = sources_.find(header->ssrc);
  if (entry == nullptr) return drops_.add(Drop::unknown_ssrc);
  packet.source = entry->source;
  packet.layer.encoding = entry->encoding;
  if (packet.format->kind != entry->source->kind()) return drops_.add(Drop::unknown_payload_type);
  if (is_muted(*entry->source)) return drops_.add(Drop::muted);
  if (!report_due_) report_due_ = now + kReportInterval;
  packet.format->kind == MediaKind::audio ? on_audio(*entry, packet, sink) : on_video(*entry, packet, sink);
}

namespace {

// Of somebody who did not negotiate levels: talking, and never louder than usual.
constexpr AudioLevel kAssumedLevel{.below_full = 30, .voice = true};

}  // namespace

void ReceivePath::on_audio(const SourceTable::Entry& entry, ParsedPacket& packet, Sink& sink) {
  ReceiveStream& stream = *entry.stream;
  const wire::RtpHeader& header = packet.header;
  if (entry.role == SourceTable::Role::rtx) return drops_.add(Drop::unknown_payload_type);
  const std::int64_t sequence = stream.unwrap(header.sequence, Route::direct);
  stream.statistics.on_packet(sequence, header.timestamp, packet.format->clock_rate, packet.arrival);
  if (stream.on_sequence(sequence) == Arrival::duplicate) return drops_.add(Drop::duplicate);
  sink.on_audio_level(*packet.source, packet.level.value_or(kAssumedLevel), packet.arrival);

  // A key that is pressed is worth hearing however silent it is.
  const bool is_sound = packet.format->codec != Codec::telephone_event;
  const bool silent = is_sound && packet.level && packet.level->below_full == 127;
  if (stream.exceeds_silence(silent) && config_.discard_silence) {
    stream.close_gap(sequence);
    return drops_.add(Drop::silence);
  }
  if (is_sound && !sink.is_heard(*packet.source, packet.level, packet.arrival)) {
    stream.close_gap(sequence);
    return drops_.add(Drop::not_among_loudest);
  }
  if (packet.format->codec == Codec::red) open_red(stream, sequence, packet, sink);
  deliver(stream, sequence, packet, sink);
}

void ReceivePath::on_video(const SourceTable::Entry& entry, ParsedPacket& packet, Sink& sink) {
  ReceiveStream& stream = *entry.stream;
  const TimePoint now = packet.arrival;
  const bool repaired = entry.role == SourceTable::Role::rtx;
  if (repaired != (packet.format->codec == Codec::rtx)) return drops_.add(Drop::unknown_payload_type);
  if (repaired)
    if (const auto unwrapped = unwrap_rtx(payloads_, stream.ssrc(), packet); !unwrapped)
      return drops_.add(unwrapped.error());

  const wire::RtpHeader& header = packet.header;
  const std::int64_t sequence =
      stream.unwrap(header.sequence, repaired ? Route::retransmitted : Route::direct);
  if (!repaired) stream.statistics.on_packet(sequence, header.timestamp, packet.format->clock_rate, now);
  const Arrival arrival = stream.on_sequence(sequence);
  if (arrival == Arrival::duplicate) return drops_.add(Drop::duplicate);
  if (arrival == Arrival::too_old) return drops_.add(Drop::too_old);
  if (packet.format->nack) {
    stream.nacks.on_packet(sequence, now);
    send_nacks(stream, now);
  }
  deliver(stream, sequence, packet, sink);
}

void ReceivePath::deliver(ReceiveStream& stream, std::int64_t sequence, ParsedPacket& packet, Sink& sink) {
  if (packet.header.payload.empty()) {
    stream.close_gap(sequence);
    return drops_.add(Drop::padding_only);
  }
  const auto renumbered = stream.renumber(sequence);
  if (!renumbered) return drops_.add(Drop::too_old);
  packet.header.sequence = *renumbered;

  Source& source = *packet.source;
  if (const auto inspected = inspect_payload(packet); !inspected) return drops_.add(inspected.error());
  source.on_packet(packet.layer, packet.needed_by, packet.header.payload.size(), packet.arrival);
  const bool awoken = stream.on_alive(packet.arrival);
  const bool layers_changed = source.take_layer_change();
  if ((awoken || layers_changed) && source.kind() == MediaKind::video) sink.on_layers_changed(source);
  sink.on_media(packet);
}

void ReceivePath::on_rtcp(Bytes compound, TimePoint now, Sink& sink) {
  wire::RtcpReader packets(compound);
  while (const auto packet = packets.next()) on_rtcp_packet(*packet, now, sink);
  if (packets.error()) drops_.add(Drop::bad_rtcp);
}

// Goodbyes, descriptions and extended reports are read over: only signalling ends a source
// (protocol/bridge.md §16 G 133).
void ReceivePath::on_rtcp_packet(const wire::RtcpPacket& packet, TimePoint now, Sink& sink) {
  if (packet.type == wire::RtcpType::sender_report) on_sender_report(packet, now, sink);
  const wire::ReportBlocks blocks(packet);
  for (std::size_t i = 0; i < blocks.size(); ++i) sink.on_report_block(blocks[i]);

  if (const auto nack = wire::parse_nack(packet)) sink.on_nack(*nack);
  if (const auto feedback = wire::parse_transport_cc(packet)) sink.on_transport_cc(*feedback);
  if (const auto pli = wire::parse_pli(packet)) sink.on_key_frame_request(pli->media);
  if (const auto fir = wire::parse_fir(packet))
    fir->for_each([&](Ssrc media) { sink.on_key_frame_request(media); });
  if (const auto remb = wire::parse_remb(packet)) sink.on_remb(*remb);
}

void ReceivePath::on_sender_report(const wire::RtcpPacket& packet, TimePoint now, Sink& sink) {
  const auto report = wire::parse_sender_report(packet);
  if (!report) return drops_.add(Drop::bad_rtcp);
  const SourceTable::Entry* entry = sources_.find(report->ssrc);
  if (entry == nullptr) return drops_.add(Drop::unknown_ssrc);
  if (entry->role == SourceTable::Role::rtx || is_muted(*entry->source)) return;
  entry->stream->statistics.on_sender_report(*report, now);
  sink.on_sender_report(*entry->source, entry->encoding, *report);
}

bool ReceivePath::request_key_frame(const Source& source, std::uint8_t encoding, TimePoint now) {
  return key_frames_.request(source, source.encodings()[encoding].ssrc, now, port_);
}

std::optional<TimePoint> ReceivePath::next_wakeup() const {
  std::optional<TimePoint> when = earlier(report_due_, feedback_.due());
  for (const auto& stream : sources_.streams()) when = earlier(when, stream->nacks.due());
  return when;
}

void ReceivePath::on_wakeup(TimePoint now, Sink& sink) {
  feedback_.on_wakeup(now, port_);
  for (const auto& stream : sources_.streams()) send_nacks(*stream, now);
  if (!report_due_ || *report_due_ > now) return;
  send_reports(now);
  if (check_alive(now, sink))
    report_due_ = now + kReportInterval;
  else
    report_due_.reset();
}

void ReceivePath::send_nacks(ReceiveStream& stream, TimePoint now) {
  const auto due = stream.nacks.due();
  if (!due || *due > now) return;
  std::array<std::uint16_t, NackRequester::kMaxMissing> missing{};
  const std::size_t count = stream.nacks.take_due(now, missing);
  ByteWriter out(port_.reserve());
  wire::write_nack(out, config_.local_ssrc, stream.ssrc(), std::span(missing).first(count));
  if (out.ok()) port_.commit_rtcp(out.size());
}

void ReceivePath::send_reports(TimePoint now) {
  std::array<wire::ReportBlock, wire::kMaxReportBlocks> blocks{};
  std::size_t count = 0;
  const auto send = [&] {
    ByteWriter out(port_.reserve());
    wire::write_receiver_report(out, config_.local_ssrc, std::span(blocks).first(count));
    if (out.ok()) port_.commit_rtcp(out.size());
    count = 0;
  };
  for (const auto& stream : sources_.streams()) {
    if (!stream->statistics.active()) continue;
    blocks[count++] = stream->statistics.report(stream->ssrc(), now);
    if (count == blocks.size()) send();
  }
  if (count > 0) send();
}

// Returns whether anything still flows.
bool ReceivePath::check_alive(TimePoint now, Sink& sink) {
  bool any = false;
  for (const SourceTable::Entry& entry : sources_.entries()) {
    if (entry.role == SourceTable::Role::rtx) continue;
    const bool fell_silent = entry.stream->check_alive(now);
    entry.source->check_silence(now);
    const bool layers_changed = entry.source->take_layer_change();
    if ((fell_silent || layers_changed) && entry.source->kind() == MediaKind::video)
      sink.on_layers_changed(*entry.source);
    any = any || entry.stream->alive();
  }
  return any;
}

bool ReceivePath::is_muted(const Source& source) const {
  return source.muted() || force_muted_[static_cast<std::size_t>(source.kind())];
}

void ReceivePath::set_payload_types(const PayloadMap& payloads) {
  payloads_ = payloads;
  bool pli = false;
  bool fir = false;
  for (std::uint8_t id = 0; id < 128; ++id) {
    const PayloadFormat* format = payloads_.find(id);
    pli = pli || (format != nullptr && format->pli);
    fir = fir || (format != nullptr && format->fir);
  }
  key_frames_.set_message(fir && !pli ? KeyFrameMessage::fir : KeyFrameMessage::pli);
}

SourceChange ReceivePath::set_sources(std::span<const SourceDescription> descriptions) {
  SourceChange change = sources_.set(descriptions);
  for (const auto& source : change.removed) key_frames_.forget(*source);
  return change;
}

}  // namespace cloister::videobridge::media
