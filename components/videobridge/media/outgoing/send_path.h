// The way of a packet to one receiver; what OutgoingMedia is made of. send_path.cpp reads from top to bottom.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "videobridge/media/outgoing/downlink.h"
#include "videobridge/media/outgoing/ended_streams.h"
#include "videobridge/media/outgoing/forwarder.h"
#include "videobridge/media/outgoing/outgoing_media.h"
#include "videobridge/media/outgoing/pacer.h"
#include "videobridge/media/outgoing/packet_writer.h"
#include "videobridge/media/outgoing/report_history.h"
#include "videobridge/media/outgoing/slot_table.h"

namespace cloister::videobridge::media {

class SendPath {
public:
  SendPath(OutgoingConfig config, PacketPort& port, OutgoingMedia::Conference& conference);

  void set_payload_types(const PayloadMap& payloads) { payloads_ = payloads; }
  void set_extensions(const ExtensionMap& extensions) { extensions_ = extensions; }
  void add_source(Source& source, TimePoint now);
  void remove_source(const Source& source);
  void set_target(const Source& source, std::optional<Layer> target);
  void set_video_slots(std::span<const Source* const> sources, TimePoint now);
  std::vector<SlotMapping> mappings(MediaKind kind) const { return slots(kind).mappings(); }

  void forward(const ParsedPacket& packet, TimePoint now);
  void on_sender_report(const Source& source, std::uint8_t encoding, const wire::SenderReport& report,
                        TimePoint now);
  void on_nack(const wire::Nack& nack, TimePoint now);
  void on_key_frame_request(Ssrc media, TimePoint now);
  void on_report_block(const wire::ReportBlock& block, TimePoint now);
  void on_transport_cc(const wire::TransportCc& feedback, TimePoint now);
  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup(TimePoint now);

  void assume_rtt(Duration rtt) {
    if (!rtt_) rtt_ = rtt;
  }
  std::optional<Duration> rtt() const { return rtt_; }
  Forwarder* find(const Source& source) const;
  Downlink& downlink() { return downlink_; }
  const DropCounts& drops() const { return drops_; }
  const SentTotals& totals() const { return totals_; }

private:
  Result<SendStream*, Drop> stream_for(Forwarder& forwarder, TimePoint now);
  bool lend_audio_slot(Forwarder& forwarder, TimePoint now);
  void lend(Slot& slot, Forwarder& forwarder, TimePoint now);
  TimePoint usable_from(TimePoint now) const;
  bool send(SendStream& stream, const ParsedPacket& packet, const Rewrite& rewrite, TimePoint now);
  // Bytes; 0: no room.
  enum class As : bool { media, retransmission };
  std::size_t send_cached(SendStream& stream, CachedPacket& packet, As as, TimePoint now);
  std::size_t commit(PacketFields& fields, const PayloadFormat* format, TimePoint now);
  void hold_back(Forwarder& forwarder, std::uint16_t sequence, TimePoint now);
  void send_waiting(TimePoint now);
  void begin_anew();
  bool is_worth_abandoning(const Forwarder& forwarder, Layer target);
  void abandon(Forwarder& forwarder);
  void plan_probe(TimePoint now);
  void continue_probe(TimePoint now);
  void end_probe();
  std::size_t send_probe_packet(TimePoint now);
  std::size_t send_padding(SendStream& stream, TimePoint now);
  SendStream* freshest_stream();
  void ask_for_key_frame(Forwarder& forwarder, TimePoint now);
  Forwarder* find(Ssrc sent);
  SendStream* find_stream(Ssrc sent);
  void sweep_later(TimePoint now);
  void sweep(TimePoint now);
  SlotTable& slots(MediaKind kind) { return kind == MediaKind::audio ? audio_slots_ : video_slots_; }
  const SlotTable& slots(MediaKind kind) const {
    return kind == MediaKind::audio ? audio_slots_ : video_slots_;
  }

  // One source's way, with the stream it sends on where SSRCs are not rewritten.
  struct Lane {
    explicit Lane(Source& source) : forwarder(source) {}
    Forwarder forwarder;
    std::optional<SendStream> own_stream;
  };
  // A cluster being sent.
  struct Probe {
    Downlink::Estimator::Cluster cluster;
    TimePoint begun;
    std::uint64_t bytes_before = 0;  // of totals_
    std::uint64_t packets_before = 0;
    TimePoint due{};
    std::uint16_t searched = 0;  // packets of the cache, from the newest on
  };

  OutgoingConfig config_;
  PacketPort& port_;
  OutgoingMedia::Conference& conference_;
  PayloadMap payloads_;
  ExtensionMap extensions_;
  std::vector<std::unique_ptr<Lane>> lanes_;  // by SourceId
  EndedStreams ended_;                        // own streams of lanes that are gone
  SlotTable audio_slots_;
  SlotTable video_slots_;
  Downlink downlink_;
  Pacer pacer_;
  std::optional<Probe> probe_;
  std::optional<TimePoint> idle_due_;
  std::optional<TimePoint> reported_;  // the first time
  ReportHistory reports_;
  std::optional<Duration> rtt_;
  std::optional<TimePoint> sweep_due_;
  DropCounts drops_;
  SentTotals totals_;
};

}  // namespace cloister::videobridge::media
