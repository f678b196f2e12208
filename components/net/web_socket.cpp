#include "net/web_socket.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include "net/web_socket_parts.h"

namespace cloister::net {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
namespace {

TimePoint now() { return std::chrono::steady_clock::now(); }
std::chrono::steady_clock::duration steady(Duration duration) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration);
}

}  // namespace

WebSocket::Parts::Parts(beast::tcp_stream&& stream, const WebSocketLimits& with)
    : socket(std::move(stream)), limits(with), timer(socket.get_executor()), last_heard(now()) {
  beast::get_lowest_layer(socket).expires_never();
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = std::chrono::seconds(10);  // of the opening and of the closing
  timeouts.idle_timeout = websocket::stream_base::none();
  timeouts.keep_alive_pings = false;
  socket.set_option(timeouts);
  socket.read_message_max(limits.max_message_bytes);
  socket.text(true);
}

void WebSocket::Parts::read() {
  socket.async_read(incoming, [self = shared_from_this()](const Error& error, std::size_t) {
    if (self->over) return;
    if (error) return self->finish();
    self->on_message();
  });
}

void WebSocket::Parts::on_message() {
  last_heard = now();
  if (listener && !closing) {
    if (!socket.got_text()) return finish();
    const auto bytes = incoming.cdata();
    listener->on_text({static_cast<const char*>(bytes.data()), bytes.size()});
  }
  incoming.consume(incoming.size());
  if (!over) read();
}

void WebSocket::Parts::write() {
  if (writing || over) return;
  if (outgoing.empty()) {
    if (closing) send_close_frame();
    return;
  }
  writing = true;
  socket.async_write(boost::asio::buffer(outgoing.front()),
                     [self = shared_from_this()](const Error& error, std::size_t) {
                       self->writing = false;
                       if (self->over) return;
                       if (error) return self->finish();
                       self->queued_bytes -= self->outgoing.front().size();
                       self->outgoing.pop_front();
                       self->write();
                     });
}

void WebSocket::Parts::send_close_frame() {
  writing = true;
  socket.async_close(closing_with, [self = shared_from_this()](const Error&) { self->shut(); });
}

void WebSocket::Parts::tick() {
  timer.expires_after(steady(limits.ping_interval));
  timer.async_wait([self = shared_from_this()](const Error& error) {
    if (error || self->over || self->closing) return;
    if (now() - self->last_heard >= self->limits.idle_timeout) return self->finish();
    if (!std::exchange(self->pinging, true)) {
      self->socket.async_ping({}, [self](const Error&) { self->pinging = false; });
    }
    self->tick();
  });
}

void WebSocket::Parts::finish() {
  Listener* const told = std::exchange(listener, nullptr);
  shut();
  if (told) told->on_closed();
}

void WebSocket::Parts::shut() {
  if (std::exchange(over, true)) return;
  timer.cancel();
  beast::get_lowest_layer(socket).close();
}

WebSocket::WebSocket(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}
WebSocket::~WebSocket() { close(CloseCode::going_away); }

void WebSocket::start(Listener& listener) {
  parts_->listener = &listener;
  parts_->socket.control_callback([weak = std::weak_ptr(parts_)](websocket::frame_type, beast::string_view) {
    if (const auto parts = weak.lock()) parts->last_heard = now();
  });
  parts_->tick();
  parts_->read();
}

void WebSocket::send_text(std::string text) {
  if (!open()) return;
  parts_->queued_bytes += text.size();
  if (parts_->queued_bytes > parts_->limits.max_queued_bytes) {
    boost::asio::post(parts_->socket.get_executor(), [parts = parts_] { parts->finish(); });
    return;
  }
  parts_->outgoing.push_back(std::move(text));
  parts_->write();
}

void WebSocket::close(CloseCode code, std::string_view reason) {
  parts_->listener = nullptr;
  if (parts_->over || std::exchange(parts_->closing, true)) return;
  parts_->timer.cancel();
  parts_->closing_with = {static_cast<websocket::close_code>(code),
                          beast::string_view(reason.data(), std::min<std::size_t>(reason.size(), 120))};
  parts_->write();
}

bool WebSocket::open() const { return !parts_->over && !parts_->closing; }

}  // namespace cloister::net
