// One meeting on this bridge: its participants, their sources, and everything that goes between them
// (protocol/bridge.md §2.5, §8 to §10, §12). Shard thread; owned by the conference table.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "videobridge/conference/distribution.h"
#include "videobridge/conference/endpoint.h"
#include "videobridge/conference/fan_out.h"
#include "videobridge/conference/relay/relay.h"
#include "videobridge/conference/roster/source_table.h"
#include "videobridge/conference/roster/speech_order.h"
#include "videobridge/conference/speech/dominant_speaker.h"
#include "videobridge/conference/speech/loudest.h"

namespace cloister::videobridge::conference {

class Conference final : public Scheduled, private Endpoint::Port, private Relay::Port {
public:
  // What it tells the table.
  struct Port {
    virtual ~Port() = default;
    // settle() has something to do.
    virtual void on_busy(Conference& conference) = 0;
    virtual void on_endpoint_leaving(Endpoint& endpoint) = 0;
    // It has outlived its participants.
    virtual void on_over(Conference& conference) = 0;
  };

  Conference(const MeetingId& meeting, const ShardEnvironment& environment, Schedule& schedule, Port& port,
             TimePoint now);
  ~Conference() override;

  const MeetingId& meeting() const { return meeting_; }
  // Its name in WebSocket URLs; unlike the meeting id known to its participants only.
  const std::string& id() const { return id_.expose(); }
  TimePoint created() const { return created_; }
  // The bridge's own sources, for feedback; the same for the conference's life.
  Ssrc feedback_audio() const { return feedback_audio_; }
  Ssrc feedback_video() const { return feedback_video_; }

  // Of participants with a path of their own to this bridge.
  bool empty() const { return endpoints_.empty(); }
  std::size_t size() const { return endpoints_.size(); }
  Endpoint* find(std::string_view id);

  // The id must be free; number and feedback SSRC are filled in.
  Endpoint& add_endpoint(EndpointConfig config, TimePoint now);
  // Its sources vanish from everybody at once.
  void remove_endpoint(Endpoint& endpoint, TimePoint now);
  void add_media(Endpoint& endpoint, std::span<const xmpp::colibri2::Media> media, TimePoint now);
  void set_sources(Endpoint& endpoint, std::span<const media::SourceDescription> sources, TimePoint now);

  bool has_relays() const { return !relays_.empty(); }
  Relay* find_relay(std::string_view id);
  // The id must be free; number and feedback SSRC are filled in.
  Relay& add_relay(RelayConfig config, TimePoint now);
  // With everybody behind it.
  void remove_relay(Relay& relay, TimePoint now);
  // Somebody behind it; made when there is no such member yet. Absent sources: as before.
  void set_relayed(Relay& relay, const EndpointId& id,
                   const std::optional<std::vector<media::SourceDescription>>& sources, TimePoint now);
  void remove_relayed(Relay& relay, const EndpointId& id, TimePoint now);

  void on_wishes_changed(Endpoint& receiver) override;
  // Limits of the bridge have changed: who gets what is worked out anew.
  void on_limits_changed();

  // A bridge channel is there: the whole state goes out (§8.4).
  void on_channel_open(Endpoint& endpoint, TimePoint now) override;
  void on_touched(Endpoint& endpoint) override;

  // Sends what a batch, a message or a request made due. The table calls it before control leaves the shard's
  // conferences.
  void settle(TimePoint now);
  void on_due(TimePoint now) override;

private:
  // Endpoint::Port
  void on_media(Endpoint& sender, const media::ParsedPacket& packet) override;
  void on_sender_report(Endpoint& sender, const media::Source& source, std::uint8_t encoding,
                        const wire::SenderReport& report) override;
  void on_audio_level(Endpoint& speaker, std::uint8_t level, TimePoint now) override;
  bool is_heard(Endpoint& speaker, const media::Source& source, std::optional<std::uint8_t> level,
                TimePoint now) override;
  void on_forwarding(Endpoint& receiver, const media::Source& source, bool forwards) override {
    fan_out_.set_forwarding(receiver, source, forwards);
  }
  void on_layers_changed() override;
  bool request_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now) override;
  void on_message(Endpoint& sender, ClientMessage message, TimePoint now) override;
  // Relay::Port
  void on_relayed_media(const media::ParsedPacket& packet) override;
  void on_relayed_report(const media::Source& source, std::uint8_t encoding,
                         const wire::SenderReport& report) override;
  void on_relayed_level(const media::Source& source, std::uint8_t level, TimePoint now) override;
  bool is_relayed_heard(const media::Source& source, std::optional<std::uint8_t> level,
                        TimePoint now) override;
  void on_relay_open(Relay& relay) override;
  void on_relay_message(Relay& relay, RelayMessage message, TimePoint now) override;
  void on_relay_touched(Relay& relay) override;

  // One for each message that clients send.
  void handle(Endpoint& sender, ClientHello message, TimePoint now);
  void handle(Endpoint& sender, ReceiverVideoConstraints message, TimePoint now);
  void handle(Endpoint& sender, LastNChangedEvent message, TimePoint now);
  void handle(Endpoint& sender, ReceiverAudioSubscription message, TimePoint now);
  void handle(Endpoint& sender, SourceVideoTypeMessage message, TimePoint now);
  void handle(Endpoint& sender, VideoTypeMessage message, TimePoint now);
  void handle(Endpoint& sender, EndpointMessage message, TimePoint now);
  void handle(Endpoint& sender, EndpointStats message, TimePoint now);
  // The same for other bridges.
  void handle(Relay& relay, const RelayHello& message, TimePoint now);
  void handle(Relay& relay, const AddReceiver& message, TimePoint now);
  void handle(Relay& relay, const RemoveReceiver& message, TimePoint now);
  void handle(Relay& relay, const RelayedVideoType& message, TimePoint now);
  void handle(Relay& relay, const ConnectivityStatus& message, TimePoint now);
  void handle(Relay& relay, RelayedMessage message, TimePoint now);
  void handle(Relay& relay, RelayedStats message, TimePoint now);

  bool is_interested(const Endpoint& receiver, const Member& sender) const;
  void send_to_all(const std::string& message);
  void send_to_relays(const std::string& message);
  // Behind which somebody is; nullptr: behind none.
  Relay* find_relay_to(const EndpointId& id) const;
  bool is_heard(Member& speaker, const media::Source& source, std::optional<std::uint8_t> level,
                TimePoint now);
  void offer_to_relays(media::Source& source);
  void vote(Relay& relay, const media::Source& source, int max_height);
  void set_inactive(Member& member, bool inactive);
  void check_relay(Relay& relay, TimePoint now);
  void forget_member(Member& member);
  void flush(TimePoint now);
  void send_dominant_speaker(Endpoint& receiver);
  void announce_dominant_speaker();
  void apply(Member& owner, const media::SourceChange& change, TimePoint now);
  void add_source(Member& owner, media::Source& source, TimePoint now);
  void remove_source(const media::Source& source);
  void note_chosen_audio();
  void offer_all(Endpoint& receiver, TimePoint now);
  void on_dominant_speaker();
  void on_check(TimePoint now);
  void check_connection(Endpoint& endpoint, TimePoint now);
  void take_census(CensusCount& count);
  void mark_busy();
  void reschedule(TimePoint now);

  const MeetingId meeting_;
  const Personal<std::string> id_;
  const ShardEnvironment& environment_;
  Schedule& schedule_;
  Conference::Port& port_;
  const TimePoint created_;
  const Ssrc feedback_audio_;
  const Ssrc feedback_video_;

  media::SourceIds source_ids_;
  SourceTable sources_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
  std::unordered_map<std::string_view, Endpoint*> by_id_;  // looks into the endpoints
  std::vector<std::unique_ptr<Relay>> relays_;             // a few at most
  std::uint32_t next_number_ = 0;

  DominantSpeaker dominant_speaker_;
  SpeechOrder speech_order_;
  Distribution distribution_;
  Loudest loudest_;                 // of the voices
  std::vector<bool> chosen_audio_;  // by SourceId: somebody has asked for it by name
  FanOut fan_out_;
  std::vector<Endpoint*> touched_;
  Census census_;
  TimePoint next_check_;
  bool busy_ = false;
};

}  // namespace cloister::videobridge::conference
