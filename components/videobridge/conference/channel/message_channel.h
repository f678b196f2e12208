// One participant's bridge channel: the data channel, the WebSocket, or both at once (protocol/bridge.md §8).
// Shard thread; owned by the endpoint.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "videobridge/conference/channel/allowance.h"
#include "videobridge/conference/environment/conference_settings.h"
#include "videobridge/conference/environment/counters.h"
#include "videobridge/conference/environment/web_socket_port.h"
#include "videobridge/transport/transport.h"

namespace cloister::videobridge::conference {

class MessageChannel {
public:
  enum class Kind : std::uint8_t { data_channel, web_socket };

  // The arguments outlive it.
  MessageChannel(transport::Transport& transport, WebSocketPort& web_sockets, const ChannelLimits& limits,
                 Counters& counters);

  void on_data_channel_open() { prefer(Kind::data_channel); }
  // Closes the one before, and greets.
  void on_web_socket_open(WebSocketHandle handle);
  void on_web_socket_closed(WebSocketHandle handle);
  // Counts, and answers go the same way from now on. False when the participant sends more than it may:
  // ignore the message.
  bool on_received(Kind kind, std::size_t bytes, TimePoint now);

  bool is_open() const;
  // By the way last used, as long as it is open. Without any the message is lost.
  void send(std::string text);
  // The participant is gone.
  void close();

  std::optional<WebSocketHandle> web_socket() const { return web_socket_; }

private:
  void prefer(Kind kind) { preferred_ = kind; }
  bool is_open(Kind kind) const;

  transport::Transport& transport_;
  WebSocketPort& web_sockets_;
  const ChannelLimits& limits_;
  Counters& counters_;
  std::optional<WebSocketHandle> web_socket_;
  Kind preferred_ = Kind::data_channel;
  Allowance messages_;
  Allowance bytes_;
};

}  // namespace cloister::videobridge::conference
