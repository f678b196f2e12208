// The way to another bridge of the same conference (protocol/bridge.md §11): one secure path, whose media and
// messages are those of everybody behind it. The bridges of a conference form a full mesh, so what comes from
// one relay never goes to another. Shard thread; owned by the conference.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "videobridge/conference/channel/relay_message.h"
#include "videobridge/conference/colibri/media_description.h"
#include "videobridge/conference/environment/schedule.h"
#include "videobridge/conference/environment/shard_environment.h"
#include "videobridge/conference/relay/relay_sender.h"
#include "videobridge/conference/roster/member.h"
#include "videobridge/conference/roster/owned_transport.h"
#include "videobridge/conference/roster/video_types.h"
#include "videobridge/media/incoming/incoming_media.h"

namespace cloister::videobridge::conference {

struct RelayConfig {
  std::string id;            // of the other bridge
  std::uint32_t number = 0;  // tells who wants something of this bridge's sources, as members' numbers do
  bool ice_controlling = true;
  bool opens_channel = true;                // SCTP's client: it opens the data channel
  std::optional<RelayPorts::Lease> port{};  // of its own; none: the participants' port
  Ssrc feedback_ssrc{};                     // sender of our RTCP
};

class Relay;

// A participant of the other bridge.
class RelayedMember final : public Member {
public:
  RelayedMember(Relay& relay, EndpointId id, std::uint32_t number)
      : Member(std::move(id), number), relay_(relay) {}

  // What its own bridge says of its path.
  void set_lost_there(bool lost) { lost_there_ = lost; }
  bool is_lost_there() const { return lost_there_; }
  void list_sources(std::vector<media::Source*>& to) const override;
  bool ask_for_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now) override;
  void limit_height(const media::Source& source, int max_height) override;

private:
  friend class Relay;
  Relay& relay_;
  std::vector<media::SourceDescription> signalled_;
  std::vector<media::Source*> sources_;
  bool lost_there_ = false;
};

class Relay final : public Scheduled,
                    public OwnedTransport::Owner,
                    private transport::Transport::Listener,
                    private media::PacketPort,
                    private media::IncomingMedia::Sink {
public:
  // What it tells and asks its conference.
  struct Port {
    virtual ~Port() = default;
    virtual void on_relayed_media(const media::ParsedPacket& packet) = 0;
    virtual void on_relayed_report(const media::Source& source, std::uint8_t encoding,
                                   const wire::SenderReport& report) = 0;
    virtual void on_relayed_level(const media::Source& source, std::uint8_t level, TimePoint now) = 0;
    virtual bool is_relayed_heard(const media::Source& source, std::optional<std::uint8_t> level,
                                  TimePoint now) = 0;
    virtual void on_layers_changed() = 0;
    virtual bool request_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now) = 0;
    // The channel is there, or there again: the whole state goes out.
    virtual void on_relay_open(Relay& relay) = 0;
    virtual void on_relay_message(Relay& relay, RelayMessage message, TimePoint now) = 0;
    virtual void on_relay_touched(Relay& relay) = 0;
  };

  Relay(RelayConfig config, media::SourceIds& source_ids, const ShardEnvironment& environment, Port& port,
        TimePoint now);
  ~Relay() override;

  const std::string& id() const { return config_.id; }
  std::uint32_t number() const { return config_.number; }
  transport::Transport& transport() { return transport_; }
  RelaySender& sender() { return sender_; }
  media::IncomingMedia& incoming() { return incoming_; }
  bool is_secure() const { return transport_.is_secure(); }

  void add_media(std::span<const xmpp::colibri2::Media> media);

  std::span<const std::unique_ptr<RelayedMember>> members() const { return members_; }
  RelayedMember* find(const EndpointId& id) const;
  RelayedMember& add_member(const EndpointId& id, std::uint32_t number);
  // Replaces all of its sources. What changed is to be told to the conference.
  media::SourceChange set_sources(RelayedMember& member, std::vector<media::SourceDescription> sources);
  // It has no sources any more.
  void remove_member(RelayedMember& member);
  // True when it changed something. Remembered when there is no such source yet.
  bool set_video_type(const RelayedVideoType& message);
  // How much is wanted over there of a source that is not signalled here yet.
  void remember(const SourceName& source, int max_height);
  std::optional<int> take_remembered(const SourceName& source);
  bool ask_for_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now);

  void touch() override { port_.on_relay_touched(*this); }
  // Lost while there is no channel.
  void send(const std::string& message);
  const std::string& our_id() const { return environment_.settings.relay_id; }
  // It was there and has not been heard of for 8 s.
  bool is_silent(TimePoint now) const;
  // Adds what media dropped since the last time to the shard's totals.
  void collect_drops();

  std::optional<TimePoint> next_wakeup() const;
  void on_due(TimePoint now) override;
  // Its next wake-up may have changed; take_touched() tells so once.
  void set_touched() { touched_ = true; }
  bool take_touched() { return std::exchange(touched_, false); }

private:
  // transport::Transport::Listener
  void on_rtp(net::Packet packet, TimePoint arrived) override;
  void on_rtcp(MutableBytes compound, TimePoint arrived) override;
  void on_secure(TimePoint now) override;
  void on_channel_open(TimePoint now) override;
  void on_channel_message(std::string_view message, TimePoint now) override;
  void on_channel_closed(TimePoint) override {}
  void on_transport_failed(transport::TransportFailure reason, TimePoint now) override;
  // media::PacketPort
  MutableBytes reserve() override { return transport_.reserve(); }
  void commit_rtp(std::size_t length) override;
  void commit_rtcp(std::size_t length) override;
  // media::IncomingMedia::Sink
  void on_media(const media::ParsedPacket& packet) override { port_.on_relayed_media(packet); }
  void on_audio_level(media::Source& source, media::AudioLevel level, TimePoint now) override {
    port_.on_relayed_level(source, level.below_full, now);
  }
  bool is_heard(const media::Source& source, std::optional<media::AudioLevel> level, TimePoint now) override {
    return port_.is_relayed_heard(source, level ? std::optional(level->below_full) : std::nullopt, now);
  }
  void on_layers_changed(media::Source&) override { port_.on_layers_changed(); }
  void on_sender_report(media::Source& source, std::uint8_t encoding,
                        const wire::SenderReport& report) override {
    port_.on_relayed_report(source, encoding, report);
  }
  void on_nack(const wire::Nack& nack) override { sender_.on_nack(nack, now_); }
  void on_key_frame_request(Ssrc media) override;
  void on_report_block(const wire::ReportBlock& block) override { sender_.on_report_block(block, now_); }
  void on_transport_cc(const wire::TransportCc& feedback) override {
    sender_.on_transport_cc(feedback, now_);
  }
  void on_remb(const wire::Remb&) override {}  // nothing is limited on this path

  void count_sent(std::size_t length);
  media::SourceChange apply_sources();

  const RelayConfig config_;
  const ShardEnvironment& environment_;
  Port& port_;
  TimePoint now_;  // of the call in progress
  OwnedTransport transport_;
  media::IncomingMedia incoming_;
  RelaySender sender_;
  NegotiatedMedia negotiated_;
  VideoTypes video_types_;
  std::unordered_map<SourceName, int> early_heights_;
  std::vector<std::unique_ptr<RelayedMember>> members_;
  media::DropCounts collected_in_;
  media::DropCounts collected_out_;
  bool was_secure_ = false;
  bool touched_ = false;
};

}  // namespace cloister::videobridge::conference
