// All that arrives from one endpoint's media: RTP of its sources, and RTCP it sends as a sender and as a
// receiver. Unwraps, checks, measures, asks for what is missing, and hands on what is left to the conference.
// Plaintext in, events out: no socket, no keys, no clock.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "net/packet_pool.h"
#include "videobridge/media/model/drop.h"
#include "videobridge/media/model/packet_port.h"
#include "videobridge/media/model/parsed_packet.h"
#include "videobridge/media/model/payload_map.h"
#include "videobridge/media/model/source.h"
#include "wire/rtcp.h"
#include "wire/rtcp_feedback.h"
#include "wire/transport_cc.h"

namespace cloister::videobridge::media {

class ReceivePath;

struct IncomingConfig {
  Ssrc local_ssrc{};            // sender SSRC of our RTCP: the bridge's own video source
  bool discard_silence = true;  // off for constant-bitrate audio, where silence is not to be told from speech
};

// RTP packets of the living streams since their beginning, before retransmission.
struct ReceivedTotals {
  std::uint64_t expected = 0;
  std::uint64_t lost = 0;
};

// What set_sources() changed. The caller tells the receivers, who must forget `removed` before these die.
struct SourceChange {
  std::vector<Source*> added;
  std::vector<std::unique_ptr<Source>> removed;
};

// Shard thread only; owned by its endpoint.
class IncomingMedia {
public:
  // What the conference hears. Calls come from inside on_rtp() and on_rtcp(); the references are valid during
  // the call.
  struct Sink {
    virtual ~Sink() = default;
    // To be forwarded to everyone who wants it.
    virtual void on_media(const ParsedPacket& packet) = 0;
    // Each audio packet, also silent ones that are not forwarded; not of muted sources. Without a level the
    // sender is taken for speaking.
    virtual void on_audio_level(Source& source, AudioLevel level, TimePoint now) = 0;
    // Asked after on_audio_level() of the same packet: whether it is to be forwarded at all. One that is not
    // leaves no gap.
    virtual bool is_heard(const Source& source, std::optional<AudioLevel> level, TimePoint now) = 0;
    // A video encoding came alive, fell silent, showed another height or one more temporal layer: time to
    // allocate anew.
    virtual void on_layers_changed(Source& source) = 0;
    virtual void on_sender_report(Source& source, std::uint8_t encoding,
                                  const wire::SenderReport& report) = 0;
    // From the endpoint as a receiver; the SSRCs are those it is sent. For its OutgoingMedia.
    virtual void on_nack(const wire::Nack& nack) = 0;
    virtual void on_key_frame_request(Ssrc media) = 0;  // PLI or FIR
    virtual void on_report_block(const wire::ReportBlock& block) = 0;
    virtual void on_transport_cc(const wire::TransportCc& feedback) = 0;
    virtual void on_remb(const wire::Remb& remb) = 0;
  };

  // `ids` and `port` outlive it. `owner` is the endpoint whose sources these are.
  IncomingMedia(IncomingConfig config, const EndpointId& owner, SourceIds& ids, PacketPort& port);
  ~IncomingMedia();

  void set_payload_types(const PayloadMap& payloads);
  void set_extensions(const ExtensionMap& extensions);
  void set_discard_silence(bool discard);
  // The whole list. A source stays the same object while its name, kind and encodings do.
  SourceChange set_sources(std::span<const SourceDescription> descriptions);
  std::span<const std::unique_ptr<Source>> sources() const;
  Source* find_source(const SourceName& name);
  // Nothing of this kind is forwarded while on (mute by a moderator), with or without audio levels.
  void force_mute(MediaKind kind, bool muted);

  void on_rtp(net::Packet packet, TimePoint now, Sink& sink);
  void on_rtcp(Bytes compound, TimePoint now, Sink& sink);

  // Asks the endpoint for a key frame of one of its own sources, by PLI or FIR as negotiated. At most one in
  // 200 ms a source (protocol/bridge.md §5.6); returns whether a request went out.
  bool request_key_frame(const Source& source, std::uint8_t encoding, TimePoint now);

  // When NACKs, receiver reports or transport feedback are due.
  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup(TimePoint now, Sink& sink);

  const DropCounts& drops() const;
  ReceivedTotals totals() const;

private:
  std::unique_ptr<ReceivePath> path_;
};

}  // namespace cloister::videobridge::media
