#include "net/tcp_stream.h"

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <utility>

namespace cloister::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Outlives the TcpStream while an operation is in the air; `listener` is null from close() on.
struct TcpStream::Parts : std::enable_shared_from_this<TcpStream::Parts> {
  Parts(Reactor& reactor, Listener& to) : resolver(reactor.io()), socket(reactor.io()), listener(&to) {}

  void connect(const std::string& host, std::uint16_t port);
  void on_connected(const error_code& error);
  void read();
  void write();
  void finish();  // the peer or the system ended it

  tcp::resolver resolver;
  tcp::socket socket;
  Listener* listener;
  std::array<char, 16384> incoming{};
  std::string outgoing;     // being written
  std::size_t written = 0;  // of outgoing
  std::string waiting;      // to be written next
  bool connected = false;
  bool writing = false;
};

void TcpStream::Parts::connect(const std::string& host, std::uint16_t port) {
  // A resolver has a thread, which an address does not need.
  error_code is_name;
  if (const auto address = asio::ip::make_address(host, is_name); !is_name) {
    socket.async_connect({address, port},
                         [self = shared_from_this()](const error_code& error) { self->on_connected(error); });
    return;
  }
  resolver.async_resolve(
      host, std::to_string(port),
      [self = shared_from_this()](const error_code& error, const tcp::resolver::results_type& addresses) {
        if (!self->listener) return;
        if (error) return self->finish();
        asio::async_connect(self->socket, addresses, [self](const error_code& failure, const tcp::endpoint&) {
          self->on_connected(failure);
        });
      });
}

void TcpStream::Parts::on_connected(const error_code& error) {
  if (!listener) return;
  if (error) return finish();
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  connected = true;
  read();
  write();
  listener->on_connected();
}

void TcpStream::Parts::read() {
  socket.async_read_some(asio::buffer(incoming),
                         [self = shared_from_this()](const error_code& error, std::size_t size) {
                           if (!self->listener) return;
                           if (error) return self->finish();
                           self->listener->on_bytes({self->incoming.data(), size});
                           if (self->listener) self->read();
                         });
}

void TcpStream::Parts::write() {
  if (!connected || writing) return;
  if (written == outgoing.size()) {
    outgoing = std::exchange(waiting, {});
    written = 0;
  }
  if (outgoing.empty()) return;
  writing = true;
  socket.async_write_some(asio::buffer(outgoing) + written,
                          [self = shared_from_this()](const error_code& error, std::size_t size) {
                            self->writing = false;
                            if (!self->listener) return;
                            if (error) return self->finish();
                            self->written += size;
                            self->write();
                          });
}

void TcpStream::Parts::finish() {
  Listener* const told = std::exchange(listener, nullptr);
  error_code ignored;
  socket.close(ignored);
  if (told) told->on_closed();
}

TcpStream::TcpStream(Reactor& reactor, Listener& listener)
    : parts_(std::make_shared<Parts>(reactor, listener)) {}
TcpStream::~TcpStream() { close(); }

void TcpStream::connect(const std::string& host, std::uint16_t port) { parts_->connect(host, port); }

void TcpStream::write(std::string_view bytes) {
  if (!parts_->listener) return;
  parts_->waiting.append(bytes);
  if (parts_->waiting.size() > kMaxQueuedBytes) {
    asio::post(parts_->socket.get_executor(), [parts = parts_] { parts->finish(); });
    return;
  }
  parts_->write();
}

void TcpStream::close() {
  if (!std::exchange(parts_->listener, nullptr)) return;
  error_code ignored;
  parts_->resolver.cancel();
  if (parts_->connected) {
    if (!parts_->writing && !parts_->waiting.empty()) {
      parts_->socket.non_blocking(true, ignored);
      parts_->socket.write_some(asio::buffer(parts_->waiting), ignored);
    }
    parts_->socket.shutdown(tcp::socket::shutdown_both, ignored);
  }
  parts_->socket.close(ignored);
}

ByteStreamFactory tcp_streams(Reactor& reactor) {
  return
      [&reactor](ByteStream::Listener& listener) { return std::make_unique<TcpStream>(reactor, listener); };
}

}  // namespace cloister::net
