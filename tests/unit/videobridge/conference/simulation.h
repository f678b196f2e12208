// A shard's conferences with participants of flesh and blood: real transports on both sides, a network in
// memory, a clock that is stepped.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/udp_port.h"
#include "support/call/vp8_stream.h"
#include "videobridge/conference/conference_table.h"

namespace cloister::videobridge::conference {

class Simulation;

// By operator new in this program, so far.
std::size_t allocations_so_far();

// The form in which audio levels were negotiated.
enum class Levels : std::uint8_t { plain, encrypted, none };

struct JoinOptions {
  bool ssrc_rewriting = false;
  bool mid_demux = false;
  bool data_channel = true;
  bool sends_video = true;
  bool sends_audio = true;
  std::string role{};
  std::optional<int> initial_last_n{};
  Levels levels = Levels::plain;
  bool constant_bitrate = false;
};

// One encoding's packets have one size, which tells a receiver which one it sees.
struct Encoding {
  std::uint16_t height;
  std::size_t packet_bytes;
};
inline constexpr Encoding kEncodings[] = {
    {180, 300 },
    {360, 600 },
    {720, 1000}
};

struct ReceivedPacket {
  Ssrc ssrc{};
  std::uint8_t payload_type = 0;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::size_t payload_bytes = 0;
  std::vector<std::uint8_t> extensions;  // ids
  std::optional<std::uint8_t> level;     // −dBov
  std::string mid;
  TimePoint at;
};

class Participant final : private transport::Transport::Listener {
public:
  Participant(Simulation& simulation, const std::string& id, std::uint8_t number, JoinOptions options);

  const std::string& id() const { return id_; }
  std::string video_name() const { return id_ + "-v0"; }
  std::string audio_name() const { return id_ + "-a0"; }
  Ssrc audio_ssrc() const { return Ssrc{1000U * number_ + 1}; }
  Ssrc video_ssrc(std::size_t encoding) const {
    return Ssrc{1000U * number_ + 10 + static_cast<std::uint32_t>(encoding)};
  }
  xmpp::colibri2::Endpoint colibri_create() const;
  std::vector<xmpp::colibri2::MediaSource> sources() const;
  void connect(const xmpp::colibri2::Transport& bridge);
  xmpp::colibri2::Endpoint colibri_accept() const;
  // Its half of an ICE restart: takes the bridge's new credentials, gives its own.
  xmpp::colibri2::Endpoint restart_ice(const xmpp::colibri2::Transport& bridge);

  // Sends by itself as time passes: audio every 20 ms at this level, video at 30 frames.
  void speak(std::uint8_t level) { level_ = level; }
  void pause_video(bool paused) { video_paused_ = paused; }
  void vanish() { vanished_ = true; }
  void send_message(const std::string& text) { EXPECT_TRUE(transport_.send_channel_message(text)); }
  void want(int height, const std::string& more = "");
  void send_pli(Ssrc media);
  void send_sender_report(Ssrc ssrc);
  void send_control(const std::function<void(ByteWriter& out)>& write);
  void send_audio_packet(Ssrc ssrc, std::optional<std::uint8_t> level);

  bool is_ready() const {
    return transport_.is_secure() && (!options_.data_channel || transport_.is_channel_open());
  }
  void step(TimePoint now);
  void on_datagram(net::Packet packet, TimePoint now);
  const SocketAddress& address() const { return address_; }

  // What arrived since clear().
  std::vector<ReceivedPacket> packets;
  std::vector<boost::json::object> messages;
  std::vector<Ssrc> key_frame_requests;
  std::vector<wire::SenderReport> sender_reports;
  std::vector<std::string> control;  // every RTCP packet: type, format or number of blocks
  void clear();
  std::size_t count(Ssrc ssrc) const;
  // Heights of the encodings seen on `ssrc`, each once.
  std::vector<int> heights(Ssrc ssrc) const;
  std::vector<boost::json::object> messages_of(std::string_view colibri_class) const;
  // The latest of them; throws when there is none.
  boost::json::object last(std::string_view colibri_class) const {
    return messages_of(colibri_class).at(messages_of(colibri_class).size() - 1);
  }
  // From the latest map that names the source.
  std::optional<Ssrc> mapped(const std::string& source) const { return find_in(mapping_, source); }
  std::map<Ssrc, TimePoint> told_at;  // when a map first named the SSRC

private:
  static std::optional<Ssrc> find_in(const std::map<std::string, Ssrc>& map, const std::string& key);
  void on_rtp(net::Packet packet, TimePoint arrived) override;
  void on_rtcp(MutableBytes compound, TimePoint arrived) override;
  void on_secure(TimePoint) override {}
  void on_channel_open(TimePoint) override {}
  void on_channel_message(std::string_view message, TimePoint now) override;
  void on_channel_closed(TimePoint) override {}
  void on_transport_failed(transport::TransportFailure, TimePoint) override {}
  void send_frame();

  Simulation& simulation_;
  std::string id_;
  std::uint8_t number_;
  JoinOptions options_;
  SocketAddress address_;
  net::Outbox outbox_;
  transport::Drops drops_;
  transport::Transport transport_;
  support::TransportSequence sequence_;
  support::RtpStream audio_;
  std::vector<support::Vp8Stream> video_;
  std::vector<bool> wants_key_;
  std::optional<std::uint8_t> level_;
  bool video_paused_ = false;
  bool vanished_ = false;
  TimePoint next_audio_{};
  TimePoint next_frame_{};
  TimePoint now_{};
  std::uint32_t audio_time_ = 0;
  std::uint32_t video_time_ = 0;
  std::map<std::string, Ssrc> mapping_;
};

class Simulation : private WebSocketPort {
public:
  explicit Simulation(ConferenceSettings conference_settings = {});
  ~Simulation() override;

  // Creates the endpoint (and the conference with the first), answers, and runs until both sides are ready.
  Participant& join(const std::string& id, JoinOptions options = {});
  // The same for all at once.
  std::vector<Participant*> join_all(const std::vector<std::string>& ids, JoinOptions options = {});
  void run_for(Duration time);
  Result<xmpp::colibri2::ConferenceModified, xmpp::StanzaError> modify(
      xmpp::colibri2::ConferenceModify request);
  Result<xmpp::colibri2::ConferenceModified, xmpp::StanzaError> modify(xmpp::colibri2::Endpoint endpoint);
  void expire(const std::string& id);
  // The bridge's, for endpoints from now on.
  void set_candidates(std::vector<transport::Candidate> candidates) { candidates_ = std::move(candidates); }
  Conference* conference() { return table->find(meeting); }

  struct WebSocketEvent {
    WebSocketHandle handle{};
    std::string text;  // empty: closed
    std::uint16_t code = 0;
  };
  std::vector<WebSocketEvent> web_socket_events;

  const MeetingId meeting{"meeting-1"};
  TimePoint now{1000s};
  net::PacketPool pool;
  transport::Drops transport_drops;
  Counters counters;
  ConferenceSettings settings;
  std::unique_ptr<ConferenceTable> table;
  // Receivers of the bridge's datagrams in their order, since the last clear().
  std::vector<SocketAddress> sent_to;
  // Made by the bridge for the batches of datagrams that arrived.
  std::size_t batch_allocations = 0;

private:
  friend class Participant;
  struct Flight {
    std::vector<std::byte> bytes;
    SocketAddress peer;  // the participant's address
  };
  // One side's way into the network.
  struct Uplink final : net::DatagramSender {
    void send(std::span<const net::Datagram> batch) override;
    Simulation* simulation = nullptr;
    std::optional<SocketAddress> participant;  // absent: the bridge
  };

  void send_web_socket_text(WebSocketHandle handle, std::string text) override;
  void close_web_socket(WebSocketHandle handle, std::uint16_t code) override;
  void step();
  net::Packet packet_of(const Flight& flight);

  std::deque<Flight> to_bridge_;
  std::vector<net::Arrival> batch_;
  std::deque<Flight> from_bridge_;
  Uplink bridge_uplink_;
  std::deque<Uplink> uplinks_;
  net::Outbox outbox_;
  transport::PeerTable peers_;
  transport::CertificateSource certificates_;
  std::vector<transport::Candidate> candidates_;
  ShardEnvironment environment_;
  std::vector<std::unique_ptr<Participant>> participants_;
};

}  // namespace cloister::videobridge::conference
