// The life of an arriving packet of one endpoint; what IncomingMedia is made of. receive_path.cpp reads from
// top to bottom.
#pragma once

#include <array>
#include <optional>

#include "videobridge/media/incoming/incoming_media.h"
#include "videobridge/media/incoming/key_frame_requests.h"
#include "videobridge/media/incoming/source_table.h"
#include "videobridge/media/incoming/transport_feedback.h"
#include "wire/red.h"

namespace cloister::videobridge::media {

class ReceivePath {
public:
  using Sink = IncomingMedia::Sink;
  static constexpr Duration kReportInterval = 500ms;

  ReceivePath(IncomingConfig config, const EndpointId& owner, SourceIds& ids, PacketPort& port)
      : config_(config),
        port_(port),
        sources_(owner, ids),
        feedback_(config.local_ssrc),
        key_frames_(config.local_ssrc) {}

  void on_rtp(net::Packet datagram, TimePoint now, Sink& sink);
  void on_rtcp(Bytes compound, TimePoint now, Sink& sink);
  bool request_key_frame(const Source& source, std::uint8_t encoding, TimePoint now);
  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup(TimePoint now, Sink& sink);

  void set_payload_types(const PayloadMap& payloads);
  void set_extensions(const ExtensionMap& extensions) { extensions_ = extensions; }
  void set_discard_silence(bool discard) { config_.discard_silence = discard; }
  SourceChange set_sources(std::span<const SourceDescription> descriptions);
  void force_mute(MediaKind kind, bool muted) { force_muted_[static_cast<std::size_t>(kind)] = muted; }
  const SourceTable& sources() const { return sources_; }
  const DropCounts& drops() const { return drops_; }
  ReceivedTotals totals() const;

private:
  bool is_muted(const Source& source) const;
  void on_audio(const SourceTable::Entry& entry, ParsedPacket& packet, Sink& sink);
  void open_red(ReceiveStream& stream, std::int64_t sequence, ParsedPacket& packet, Sink& sink);
  void recover(ReceiveStream& stream, std::int64_t sequence, const wire::RedBlock& block,
               const ParsedPacket& carrier, Sink& sink);
  void on_video(const SourceTable::Entry& entry, ParsedPacket& packet, Sink& sink);
  void deliver(ReceiveStream& stream, std::int64_t sequence, ParsedPacket& packet, Sink& sink);
  void on_rtcp_packet(const wire::RtcpPacket& packet, TimePoint now, Sink& sink);
  void on_sender_report(const wire::RtcpPacket& packet, TimePoint now, Sink& sink);
  void send_nacks(ReceiveStream& stream, TimePoint now);
  void send_reports(TimePoint now);
  bool check_alive(TimePoint now, Sink& sink);

  IncomingConfig config_;
  PacketPort& port_;
  PayloadMap payloads_;
  ExtensionMap extensions_;
  SourceTable sources_;
  TransportFeedback feedback_;
  KeyFrameRequests key_frames_;
  std::array<bool, 2> force_muted_{};    // by MediaKind
  std::optional<TimePoint> report_due_;  // none while nothing arrives
  DropCounts drops_;
};

}  // namespace cloister::videobridge::media
