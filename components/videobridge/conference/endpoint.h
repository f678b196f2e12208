// One participant: its secure path, what arrives from it, what it is sent, its bridge channel, and what it
// wants to see and hear. Shard thread; owned by its conference, which decides whom its media reaches.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "videobridge/bandwidth/allocator.h"
#include "videobridge/bandwidth/steady_bandwidth.h"
#include "videobridge/conference/channel/channel_message.h"
#include "videobridge/conference/channel/message_channel.h"
#include "videobridge/conference/colibri/media_description.h"
#include "videobridge/conference/colibri/request.h"
#include "videobridge/conference/environment/census.h"
#include "videobridge/conference/environment/recent_loss.h"
#include "videobridge/conference/environment/schedule.h"
#include "videobridge/conference/environment/shard_environment.h"
#include "videobridge/conference/fan_out_queue.h"
#include "videobridge/conference/roster/member.h"
#include "videobridge/conference/roster/owned_transport.h"
#include "videobridge/conference/roster/source_table.h"
#include "videobridge/conference/roster/video_types.h"
#include "videobridge/media/incoming/incoming_media.h"
#include "videobridge/media/outgoing/outgoing_media.h"
#include "videobridge/transport/transport.h"

namespace cloister::videobridge::conference {

struct EndpointConfig {
  EndpointId id;
  std::uint32_t number = 0;  // tells the participants of a conference apart; never used twice
  Capabilities capabilities;
  bool visitor = false;
  bool ice_controlling = true;
  bool data_channel = false;
  Ssrc feedback_ssrc{};  // sender of our RTCP
};

class Endpoint final : public Scheduled,
                       public Member,
                       public OwnedTransport::Owner,
                       private transport::Transport::Listener,
                       private media::PacketPort,
                       private media::IncomingMedia::Sink,
                       private media::OutgoingMedia::Conference {
public:
  // What it tells and asks its conference.
  struct Port {
    virtual ~Port() = default;
    virtual void on_media(Endpoint& sender, const media::ParsedPacket& packet) = 0;
    virtual void on_sender_report(Endpoint& sender, const media::Source& source, std::uint8_t encoding,
                                  const wire::SenderReport& report) = 0;
    virtual void on_audio_level(Endpoint& speaker, std::uint8_t level, TimePoint now) = 0;
    // Whether an audio packet with this level, if it has one, is forwarded at all.
    virtual bool is_heard(Endpoint& speaker, const media::Source& source, std::optional<std::uint8_t> level,
                          TimePoint now) = 0;
    // From now on it is to be handed the source's packets, or no longer.
    virtual void on_forwarding(Endpoint& receiver, const media::Source& source, bool forwards) = 0;
    virtual void on_layers_changed() = 0;
    // Of the bandwidth towards it, or of its own wishes.
    virtual void on_wishes_changed(Endpoint& receiver) = 0;
    virtual bool request_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now) = 0;
    virtual void on_channel_open(Endpoint& endpoint, TimePoint now) = 0;
    virtual void on_message(Endpoint& sender, ClientMessage message, TimePoint now) = 0;
    // Its next wake-up may have changed.
    virtual void on_touched(Endpoint& endpoint) = 0;
  };

  Endpoint(const EndpointConfig& config, media::SourceIds& source_ids, const ShardEnvironment& environment,
           Port& port, TimePoint now);
  ~Endpoint() override;

  bool is_visitor() const { return config_.visitor; }
  TimePoint created() const { return created_; }
  // Secret of its WebSocket URL.
  const std::string& password() const { return password_.expose(); }
  transport::Transport& transport() { return transport_; }
  MessageChannel& channel() { return channel_; }
  media::IncomingMedia& incoming() { return incoming_; }
  media::OutgoingMedia& outgoing() { return outgoing_; }

  // Member
  Endpoint* as_endpoint() override { return this; }
  void list_sources(std::vector<media::Source*>& to) const override;
  bool ask_for_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now) override;
  void limit_height(const media::Source& source, int max_height) override;

  // Transport::restart_ice(), and the shard knows of it.
  std::optional<transport::LocalDescription> restart_ice(TimePoint now);
  void add_media(std::span<const xmpp::colibri2::Media> media);
  void force_mute(const xmpp::colibri2::ForceMute& mute);

  // Its own sources. Types told before the sources were signalled are applied.
  media::SourceChange set_sources(std::span<const media::SourceDescription> descriptions);
  // Remembered when there is no such source yet. True when it changed something.
  bool set_video_type(const SourceName& source, media::VideoType type);

  // Other people's sources: forwarded as far as negotiated and subscribed.
  void offer(media::Source& source, TimePoint now);
  void withdraw(const media::Source& source);
  void subscribe(ReceiverAudioSubscription subscription) { audio_ = std::move(subscription); }
  // Audio sources that it asked for by name.
  std::span<const SourceName> chosen_audio() const { return audio_.include; }
  FanOutQueue& fan_out_queue() { return fan_out_queue_; }
  bool is_secure() const { return transport_.is_secure(); }

  bandwidth::ReceiverSettings& settings() { return settings_; }
  // bit/s for video towards it, as allocation is to use it now.
  std::int64_t bandwidth(TimePoint now);
  // bit/s that the path to it carries, audio included; none while that is not known.
  std::optional<std::int64_t> estimate() const;
  bool accepts_video() const { return negotiated_.accepts_video; }
  // Sets targets and slots, and tells what is forwarded when that has changed.
  void apply(const bandwidth::Allocation& allocation, const SourceTable& sources, TimePoint now);
  // Participants (by number) whose video it wants.
  bool watches(std::uint32_t participant) const;

  void touch() override { port_.on_touched(*this); }
  void open_web_socket(WebSocketHandle handle, TimePoint now);
  void send(std::string message);
  // ForwardedSources and both maps, for a channel that has just opened.
  void send_what_is_forwarded();
  void receive(MessageChannel::Kind kind, std::string_view text, TimePoint now);
  // Slots that change while quiet are not told one by one: the full map follows.
  enum class Maps : bool { quiet, told };
  void set_maps(Maps maps) { maps_ = maps; }

  // Why it should go without the focus asking (§12).
  bool is_expired(TimePoint now) const;
  // Silent for 8 s, or not heard of 15 s after it was made.
  bool is_silent(TimePoint now) const;
  // Once: 30 s after the keys there is still no channel.
  void check_channel(TimePoint now);
  // ConnectionStats, every 10 s once there is an estimate.
  void tell_bandwidth(TimePoint now);
  // Adds what media dropped since the last time to the shard's totals.
  void collect_drops();
  // What it is doing just now.
  void count_into(CensusCount& count, TimePoint now) const;

  std::optional<TimePoint> next_wakeup() const;
  void on_due(TimePoint now) override;
  // False when it was touched already since the last clear_touched().
  bool set_touched() { return !std::exchange(touched_, true); }
  void clear_touched() { touched_ = false; }

private:
  // transport::Transport::Listener
  void on_rtp(net::Packet packet, TimePoint arrived) override;
  void on_rtcp(MutableBytes compound, TimePoint arrived) override;
  void on_secure(TimePoint now) override;
  void on_channel_open(TimePoint now) override;
  void on_channel_message(std::string_view message, TimePoint now) override;
  void on_channel_closed(TimePoint now) override;
  void on_transport_failed(transport::TransportFailure reason, TimePoint now) override;
  // media::PacketPort
  MutableBytes reserve() override { return transport_.reserve(); }
  void commit_rtp(std::size_t length) override;
  void commit_rtcp(std::size_t length) override;
  // media::IncomingMedia::Sink
  void on_media(const media::ParsedPacket& packet) override;
  void on_audio_level(media::Source& source, media::AudioLevel level, TimePoint now) override;
  bool is_heard(const media::Source& source, std::optional<media::AudioLevel> level, TimePoint now) override;
  void on_layers_changed(media::Source& source) override;
  void on_sender_report(media::Source& source, std::uint8_t encoding,
                        const wire::SenderReport& report) override;
  void on_nack(const wire::Nack& nack) override { outgoing_.on_nack(nack, now_); }
  void on_key_frame_request(Ssrc media) override;
  void on_report_block(const wire::ReportBlock& block) override { outgoing_.on_report_block(block, now_); }
  void on_transport_cc(const wire::TransportCc& feedback) override;
  void on_remb(const wire::Remb& remb) override;
  // media::OutgoingMedia::Conference
  bool request_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now) override {
    return port_.request_key_frame(source, encoding, now);
  }
  void on_slots_changed(MediaKind kind, std::span<const media::SlotMapping> changed) override;

  void count_sent(std::size_t length);
  void collect_totals();
  void send_map(MediaKind kind, std::span<const media::SlotMapping> slots);
  void send_forwarded();
  bool wants(const media::Source& source) const;
  void set_forwards(const media::Source& source, bool forwards);
  bool trusts_feedback() const { return negotiated_.has_rtx && negotiated_.has_transport_cc; }
  bool ever_heard() const { return transport_.last_activity() > created_; }

  const EndpointConfig config_;
  const ShardEnvironment& environment_;
  Port& port_;
  const TimePoint created_;
  const Personal<std::string> password_;
  TimePoint now_;  // of the call in progress
  OwnedTransport transport_;
  MessageChannel channel_;
  media::IncomingMedia incoming_;
  media::OutgoingMedia outgoing_;
  NegotiatedMedia negotiated_;
  VideoTypes video_types_;

  bandwidth::ReceiverSettings settings_;
  ReceiverAudioSubscription audio_;
  bandwidth::SteadyBandwidth by_feedback_;
  std::optional<std::int64_t> remb_;  // as last used, bit/s
  std::vector<bool> forwards_;        // by SourceId: what on_forwarding() was told
  FanOutQueue fan_out_queue_;
  std::vector<media::SourceId> forwarded_;
  std::vector<SourceName> forwarded_names_;  // as last told
  bool forwarded_changed_ = false;           // since then
  std::vector<std::uint32_t> watched_;       // sorted
  std::vector<const media::Source*> slots_;
  Maps maps_ = Maps::told;

  std::optional<TimePoint> secure_since_;
  std::optional<TimePoint> failed_since_;
  TimePoint bandwidth_told_{};
  bool channel_checked_ = false;
  bool touched_ = false;
  media::DropCounts collected_in_;
  media::DropCounts collected_out_;
  media::SentTotals collected_sent_;
  media::ReceivedTotals collected_received_;
  RecentLoss outgoing_loss_;
  std::optional<TimePoint> last_audio_;
  std::optional<TimePoint> last_video_;
  bool suspended_ = false;
  bool oversending_ = false;
  bool spurious_remb_ = false;
};

}  // namespace cloister::videobridge::conference
