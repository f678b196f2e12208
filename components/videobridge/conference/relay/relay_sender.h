// All that another bridge is sent: sources of this one in all encodings that somebody there can use, each as
// it came, under its own SSRC and numbers. No layer is cut inside an encoding, nothing is paced: the path
// between two bridges carries what their participants send (docs/decisions/0016). Parsed packets in,
// plaintext packets out; no allocation per packet. Shard thread; owned by the relay.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "videobridge/media/model/drop.h"
#include "videobridge/media/model/packet_port.h"
#include "videobridge/media/model/parsed_packet.h"
#include "videobridge/media/outgoing/packet_writer.h"
#include "videobridge/media/outgoing/report_history.h"
#include "videobridge/media/outgoing/send_stream.h"
#include "videobridge/media/outgoing/sent_packets.h"
#include "videobridge/media/outgoing/sent_totals.h"
#include "wire/rtcp_feedback.h"

namespace cloister::videobridge::conference {

class RelaySender {
public:
  // `port` outlives it.
  explicit RelaySender(media::PacketPort& port) : port_(port) {}

  void set_payload_types(const media::PayloadMap& payloads) { payloads_ = payloads; }
  void set_extensions(const media::ExtensionMap& extensions) { extensions_ = extensions; }

  // A source of this bridge. Audio flows from now on, video waits for a height.
  void add_source(media::Source& source);
  void remove_source(const media::Source& source);
  // What the receivers over there want at most, in lines: −1 no limit, 0 nothing.
  void set_max_height(const media::Source& source, int max_height);

  // Packets of sources that were not added are passed over: who is behind another bridge is its to relay.
  void forward(const media::ParsedPacket& packet, TimePoint now);
  void on_sender_report(const media::Source& source, std::uint8_t encoding, const wire::SenderReport& report,
                        TimePoint now);

  // From the other bridge.
  void on_nack(const wire::Nack& nack, TimePoint now);
  void on_report_block(const wire::ReportBlock& block, TimePoint now);
  void on_transport_cc(const wire::TransportCc& feedback, TimePoint now);
  struct Target {
    media::Source* source = nullptr;
    std::uint8_t encoding = 0;
  };
  // Whose key frame a PLI or FIR for this SSRC asks for.
  std::optional<Target> find(Ssrc sent);

  // When cached packets grow too old to be worth their memory.
  std::optional<TimePoint> next_wakeup() const { return sweep_due_; }
  void on_wakeup(TimePoint now);

  void assume_rtt(Duration rtt) {
    if (!rtt_) rtt_ = rtt;
  }
  const media::DropCounts& drops() const { return drops_; }
  const media::SentTotals& totals() const { return totals_; }

private:
  struct Lane {
    explicit Lane(media::Source& source);
    bool carries(std::uint8_t encoding) const;

    media::Source& source;
    int max_height = 0;
    std::vector<media::SendStream> streams;  // by encoding
  };

  Lane* lane_of(const media::Source& source) const;
  media::SendStream* find_stream(Ssrc sent);
  void repeat(media::SendStream& stream, media::CachedPacket& packet, TimePoint now);
  bool commit(media::PacketFields& fields, const media::PayloadFormat* format, TimePoint now);

  media::PacketPort& port_;
  media::PayloadMap payloads_;
  media::ExtensionMap extensions_;
  std::vector<std::unique_ptr<Lane>> lanes_;  // by SourceId
  media::SentPackets sent_;
  media::ReportHistory reports_;
  std::optional<Duration> rtt_;
  std::optional<TimePoint> sweep_due_;
  media::DropCounts drops_;
  media::SentTotals totals_;
};

}  // namespace cloister::videobridge::conference
