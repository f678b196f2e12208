// The Beast side of WebSocket; for web_socket.cpp and http_server.cpp only.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

#include "net/web_socket.h"

namespace cloister::net {

// Lives while an operation is in the air; `listener` is null once the owner has let go.
struct WebSocket::Parts : std::enable_shared_from_this<WebSocket::Parts> {
  using Stream = boost::beast::websocket::stream<boost::beast::tcp_stream>;
  using Error = boost::system::error_code;

  Parts(boost::beast::tcp_stream&& stream, const WebSocketLimits& with);
  void read();
  void on_message();
  void write();
  void tick();    // every ping_interval
  void finish();  // it is over: tell the listener
  void send_close_frame();
  void shut();  // closes the connection; nothing more is sent

  Stream socket;
  WebSocketLimits limits;
  boost::asio::steady_timer timer;
  Listener* listener = nullptr;
  boost::beast::flat_buffer incoming;
  std::deque<std::string> outgoing;  // the first one is being written
  std::size_t queued_bytes = 0;
  TimePoint last_heard{};
  bool writing = false;
  bool pinging = false;
  bool closing = false;  // close() was called
  bool over = false;     // no more operations
  boost::beast::websocket::close_reason closing_with;
};

}  // namespace cloister::net
