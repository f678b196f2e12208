// All conferences of one shard: what the shard talks to. Requests of the focus, datagrams, time and
// WebSockets come in; datagrams leave by the outbox, messages by transports and the WebSocket port. Shard
// thread only.
//
//   on a batch of datagrams:  on_datagram() for each, on_batch_end(), outbox.flush()
//   on a request, a message:  modify() / on_web_socket_…(), outbox.flush()
//   at next_wakeup():         on_wakeup(), outbox.flush()
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/datagram.h"
#include "net/packet_pool.h"
#include "videobridge/conference/conference.h"
#include "videobridge/conference/environment/schedule.h"
#include "videobridge/conference/environment/shard_environment.h"
#include "xmpp/colibri2.h"
#include "xmpp/stanza_error.h"

namespace cloister::videobridge::conference {

// Which bridge channel a WebSocket asks for: the parts of its URL (protocol/bridge.md §8.1).
struct ChannelAddress {
  std::string_view conference;
  std::string_view endpoint;
  std::string_view password;
};

class ConferenceTable final : private Conference::Port {
public:
  // `environment` and all in it outlive the table.
  explicit ConferenceTable(const ShardEnvironment& environment);
  ~ConferenceTable() override;
  ConferenceTable(const ConferenceTable&) = delete;
  ConferenceTable& operator=(const ConferenceTable&) = delete;

  // Colibri2 (§2). The errors are those of §2.6, always with the <error xmlns='jitsi:colibri2'> in `colibri`.
  // Requests of one conference come in their order of arrival.
  Result<xmpp::colibri2::ConferenceModified, xmpp::StanzaError> modify(
      const xmpp::colibri2::ConferenceModify& request, TimePoint now);
  // The environment's settings are others now.
  void on_settings_changed(TimePoint now);
  // From now on no conference is created (§2.6 graceful_shutdown).
  void refuse_new_conferences() { refusing_ = true; }

  void on_datagram(net::Packet packet, const net::Path& from, TimePoint now);
  // Sends what the batch's packets make due, receiver by receiver.
  void on_batch_end(TimePoint now);

  std::optional<TimePoint> next_wakeup() const { return schedule_.next_due(); }
  void on_wakeup(TimePoint now);

  // Whether there is such a channel; compares in constant time. For the answer to the upgrade request.
  bool has_channel(const ChannelAddress& address) const { return find_channel(address) != nullptr; }
  // The upgraded socket. False when the channel is gone by now: close it.
  bool on_web_socket_open(const ChannelAddress& address, WebSocketHandle handle, TimePoint now);
  void on_web_socket_text(WebSocketHandle handle, std::string_view text, TimePoint now);
  void on_web_socket_closed(WebSocketHandle handle);

  std::size_t size() const { return conferences_.size(); }
  Conference* find(const MeetingId& meeting);

private:
  // Conference::Port
  void on_busy(Conference& conference) override { busy_.push_back(&conference); }
  void on_endpoint_leaving(Endpoint& endpoint) override;
  void on_over(Conference& conference) override { over_.push_back(&conference); }

  Result<Conference*, xmpp::StanzaError> find_or_create(const xmpp::colibri2::ConferenceModify& request,
                                                        TimePoint now);
  Endpoint* find_channel(const ChannelAddress& address) const;
  // Lets every conference that something happened to do what is due.
  void note_largest();
  void settle(TimePoint now);
  void end(Conference& conference, TimePoint now);

  const ShardEnvironment& environment_;
  Schedule schedule_;
  std::unordered_map<std::string_view, Conference*> by_id_;  // looks into the conferences
  std::unordered_map<WebSocketHandle, Endpoint*> web_sockets_;
  std::vector<Conference*> busy_;
  std::vector<Conference*> over_;
  bool refusing_ = false;
  std::unordered_map<MeetingId, std::unique_ptr<Conference>>
      conferences_;  // last: they take leave of the rest
};

}  // namespace cloister::videobridge::conference
