// A WebSocket (RFC 6455) that a client of ours opened; text messages only, no compression. Reactor thread
// only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cloister::net {

struct WebSocketLimits {
  std::size_t max_message_bytes = 256 * 1024;  // longer: closed with 1009
  std::size_t max_queued_bytes = 1024 * 1024;  // what may wait for a slow client before it is cut off
  Duration ping_interval = 15s;
  Duration idle_timeout = 60s;  // nothing received for so long, not even a pong
};

// RFC 6455 §7.4.1.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  policy_violation = 1008,
  try_again_later = 1013,
};

class WebSocket {
public:
  struct Listener {
    virtual ~Listener() = default;
    virtual void on_text(std::string_view text) = 0;  // valid during the call
    // Ended by the client, by an error or by a limit. Not after close() or destruction; the last call.
    virtual void on_closed() = 0;
  };

  ~WebSocket();  // closes with going_away
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  // Reads from now on. The listener may destroy this object from within its callbacks, which never come from
  // inside a call of ours.
  void start(Listener& listener);
  // Queues; the order is kept. Past the limit the connection ends and on_closed() follows.
  void send_text(std::string text);
  // Sends what is queued, then the close frame. `reason` goes to the client: no names.
  void close(CloseCode code, std::string_view reason = {});
  bool open() const;

private:
  friend class HttpServer;
  struct Parts;
  explicit WebSocket(std::shared_ptr<Parts> parts);
  std::shared_ptr<Parts> parts_;
};

}  // namespace cloister::net
