// All that one endpoint is sent: which source by which layer and under which numbers, retransmissions, sender
// reports, transport-wide sequence numbers. Parsed packets in, plaintext packets out through the port: no
// socket, no keys, no clock.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "videobridge/media/model/drop.h"
#include "videobridge/media/model/layer.h"
#include "videobridge/media/model/packet_port.h"
#include "videobridge/media/model/parsed_packet.h"
#include "videobridge/media/model/payload_map.h"
#include "videobridge/media/model/source.h"
#include "videobridge/media/outgoing/sent_totals.h"
#include "videobridge/media/outgoing/slot_mapping.h"
#include "wire/rtcp.h"
#include "wire/rtcp_feedback.h"
#include "wire/transport_cc.h"

namespace cloister::videobridge::media {

class SendPath;

struct OutgoingConfig {
  bool ssrc_rewriting = false;
  bool mid_demux = false;  // stamp mids; only together with ssrc_rewriting
  std::size_t audio_slots = 50;
  std::size_t video_slots = 50;
  bool equal_sizes = false;  // video's lengths are rounded up: packet_writer.h
};

// Shard thread only; owned by its endpoint.
class OutgoingMedia {
public:
  // What it asks of the conference. Calls come from inside the methods below; packets must not be fed from
  // within them.
  struct Conference {
    virtual ~Conference() = default;
    // Ask the source's owner (IncomingMedia::request_key_frame); returns whether a request went out. Asked
    // again with the next packet, so no need to remember.
    virtual bool request_key_frame(const Source& source, std::uint8_t encoding, TimePoint now) = 0;
    // New or changed slots, to be sent in a map at once: packets of a new SSRC are held back for RTT + 200 ms
    // from here.
    virtual void on_slots_changed(MediaKind kind, std::span<const SlotMapping> changed) = 0;
  };

  // `port` and `conference` outlive it.
  OutgoingMedia(OutgoingConfig config, PacketPort& port, Conference& conference);
  ~OutgoingMedia();

  void set_payload_types(const PayloadMap& payloads);
  void set_extensions(const ExtensionMap& extensions);

  // Somebody else's source that this endpoint may be sent. Audio is forwarded from now on, and gets a slot
  // while there are free ones; video waits for set_target(). A source that was not added is not forwarded;
  // adding twice does nothing. With SSRC rewriting not before there is a channel that can tell of slots: a
  // packet that outruns its map stays with the wrong participant for good.
  void add_source(Source& source, TimePoint now);
  // Before the source dies. Its slot is free again.
  void remove_source(const Source& source);

  // Video: the layer to send; none stops at once. Without SSRC rewriting that is all there is to say.
  void set_target(const Source& source, std::optional<Layer> target);
  // SSRC rewriting: the video sources that are to have slots, most important first (the allocation's enabled
  // ones, then others while there is room). Tells the conference of what changed.
  void set_video_slots(std::span<const Source* const> sources, TimePoint now);
  // The full map, for a channel that has just opened.
  std::vector<SlotMapping> mappings(MediaKind kind) const;

  void forward(const ParsedPacket& packet, TimePoint now);
  void on_sender_report(const Source& source, std::uint8_t encoding, const wire::SenderReport& report,
                        TimePoint now);

  // From this endpoint (IncomingMedia::Sink).
  void on_nack(const wire::Nack& nack, TimePoint now);
  void on_key_frame_request(Ssrc media, TimePoint now);
  void on_report_block(const wire::ReportBlock& block, TimePoint now);
  void on_transport_cc(const wire::TransportCc& feedback, TimePoint now);

  // By the feedback so far, bit/s: what the path carries, and what of it video may take now; none before the
  // first feedback.
  std::optional<std::int64_t> estimate() const;
  std::optional<std::int64_t> video_budget(TimePoint now) const;
  // What video would take if there were no limit, bit/s: worth probing for. 0: it has all it wants.
  void set_wanted(std::int64_t bits_per_second);

  // When packets that were held back are due, a probe goes on, or cached packets grow too old to be worth
  // their memory.
  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup(TimePoint now);

  // The round trip as somebody else measured it; counts until a receiver report tells ours.
  void assume_rtt(Duration rtt);
  // Absent until assumed or measured.
  std::optional<Duration> rtt() const;
  // The encoding that the receiver is shown now; none while it waits for a key frame or has no target.
  std::optional<std::uint8_t> current_encoding(const Source& source) const;
  const DropCounts& drops() const;
  const SentTotals& totals() const;

private:
  std::unique_ptr<SendPath> path_;
};

}  // namespace cloister::videobridge::media
