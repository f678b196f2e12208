// The WebSockets of the bridge channel, which live on the main thread.
#pragma once

#include <cstdint>
#include <string>

namespace cloister::videobridge::conference {

// A WebSocket that the main thread holds. The number is its, and never used twice.
enum class WebSocketHandle : std::uint64_t {};

// RFC 6455 §7.4.1, as the clients understand them (protocol/bridge.md §8.1).
inline constexpr std::uint16_t kCloseReplaced = 1000;
inline constexpr std::uint16_t kCloseExpired = 1001;

// Called on the shard thread; the shard posts it on.
struct WebSocketPort {
  virtual ~WebSocketPort() = default;
  virtual void send_web_socket_text(WebSocketHandle handle, std::string text) = 0;
  // on_web_socket_closed() need not follow.
  virtual void close_web_socket(WebSocketHandle handle, std::uint16_t code) = 0;
};

}  // namespace cloister::videobridge::conference
