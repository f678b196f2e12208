// The real bridge without its threads and sockets: a shard's conferences on the simulated network and clock
// (what shard/shard.cpp does on real ones).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "support/seeded_network.h"
#include "videobridge/conference/conference_table.h"

namespace cloister::sim {

using ModifyResult = Result<xmpp::colibri2::ConferenceModified, xmpp::StanzaError>;

class SimBridge final : net::UdpPort::Receiver, videobridge::conference::WebSocketPort {
public:
  // A participant's end of its WebSocket.
  struct Channel {
    virtual ~Channel() = default;
    virtual void on_text(std::string_view text) = 0;
    virtual void on_closed() = 0;
  };

  // With a relay id it has some ports for relays, too.
  SimBridge(support::SeededNetwork& network, const support::FakeClock& clock,
            const std::string& relay_id = "");
  const std::string& relay_id() const { return settings_.relay_id; }

  // Checks that a success answers every endpoint asked about.
  ModifyResult modify(const xmpp::colibri2::ConferenceModify& request);

  // Nothing when the URL leads nowhere.
  std::optional<videobridge::conference::WebSocketHandle> open(const std::string& url, Channel& channel);
  void send(videobridge::conference::WebSocketHandle handle, std::string_view text);
  void close(videobridge::conference::WebSocketHandle handle);
  // Texts that the bridge sent since the last call reach their channels now.
  void deliver_texts();

  std::optional<TimePoint> next_wakeup() const { return table_.next_wakeup(); }
  void on_wakeup();

  support::SeededNetwork::Host& host() { return host_; }
  // Of its way to the first bridge that it began a relay to; there must be a relay id.
  support::SeededNetwork::Host& relay_host() { return *relay_sockets_.front()->host; }
  // Nothing reaches it any more, nothing comes from it.
  void die();
  bool is_dead() const { return dead_; }
  const videobridge::transport::Drops& transport_drops() const { return drops_; }
  const videobridge::conference::Counters& counters() const { return counters_; }
  // Every reason that occurred, with its count.
  std::string drops() const;
  std::size_t conferences() const { return table_.size(); }
  std::size_t transports() const { return peers_.size(); }
  std::size_t packets_in_use() const { return pool_.in_use(); }
  // The bridge's side of a participant, of the meeting that was opened as number so and so.
  videobridge::conference::Endpoint& endpoint(const EndpointId& id, int meeting = 1);

private:
  // One more socket: what comes in is marked with its number.
  struct RelaySocket final : net::UdpPort::Receiver {
    void on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) override;
    SimBridge* bridge = nullptr;
    support::SeededNetwork::Host* host = nullptr;
    std::uint8_t number = 0;
  };
  struct Sockets final : net::DatagramSender {
    explicit Sockets(SimBridge& owner) : bridge(owner) {}
    void send(std::span<const net::Datagram> batch) override;
    SimBridge& bridge;
  };

  void on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) override;
  void send_web_socket_text(videobridge::conference::WebSocketHandle handle, std::string text) override;
  void close_web_socket(videobridge::conference::WebSocketHandle handle, std::uint16_t code) override;
  void settle();
  void open_relay_ports(support::SeededNetwork& network);

  const support::FakeClock& clock_;
  net::PacketPool pool_;
  support::SeededNetwork::Host& host_;
  Sockets sockets_{*this};
  std::vector<std::unique_ptr<RelaySocket>> relay_sockets_;
  bool dead_ = false;
  net::Outbox outbox_;
  videobridge::transport::Drops drops_;
  videobridge::transport::PeerTable peers_;
  videobridge::transport::CertificateSource certificates_;
  std::vector<videobridge::transport::Candidate> candidates_;
  videobridge::conference::ConferenceSettings settings_;
  videobridge::conference::RelayPorts relay_ports_;
  videobridge::conference::Counters counters_;
  std::unordered_map<videobridge::conference::WebSocketHandle, Channel*> channels_;
  std::vector<std::pair<videobridge::conference::WebSocketHandle, std::string>> texts_;
  std::uint64_t next_handle_ = 1;
  videobridge::conference::ShardEnvironment environment_;
  videobridge::conference::ConferenceTable table_;
};

}  // namespace cloister::sim
