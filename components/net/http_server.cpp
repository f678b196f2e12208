#include "net/http_server.h"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <set>

#include "net/web_socket_parts.h"

namespace cloister::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Error = boost::system::error_code;

namespace {

class Connection;

std::chrono::steady_clock::duration steady(Duration duration) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration);
}

// The client sent something that is not HTTP, and still listens.
bool is_nonsense(const Error& error) {
  return error && error.category() == Error(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

HttpRequest to_request(http::request<http::string_body>&& in) {
  HttpRequest out{.method = std::string(in.method_string()),
                  .target = std::string(in.target()),
                  .headers = {},
                  .body = std::move(in.body())};
  for (const auto& field : in) {
    std::string name(field.name_string());
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    out.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  return out;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, [](const auto& field) { return field.first; });
  return found == headers.end() ? std::string_view{} : found->second;
}

std::string_view HttpRequest::path() const {
  return std::string_view(target).substr(0, std::string_view(target).find('?'));
}

HttpResponder::~HttpResponder() { reply({.status = 500}); }
HttpResponder& HttpResponder::operator=(HttpResponder&& other) noexcept {
  if (this != &other) {
    reply({.status = 500});
    send_ = std::exchange(other.send_, nullptr);
  }
  return *this;
}
void HttpResponder::reply(HttpResponse response) {
  if (const Send send = std::exchange(send_, nullptr)) send(std::move(response));
}

UpgradeResponder::~UpgradeResponder() { refuse({.status = 500}); }
UpgradeResponder& UpgradeResponder::operator=(UpgradeResponder&& other) noexcept {
  if (this != &other) {
    refuse({.status = 500});
    decide_ = std::exchange(other.decide_, nullptr);
  }
  return *this;
}
void UpgradeResponder::decide(Result<Taker, HttpResponse> decision) {
  if (const Decide decide = std::exchange(decide_, nullptr)) decide(std::move(decision));
}

// Shared with the connections, which may outlive the server by the operation in the air.
struct HttpServer::Parts : std::enable_shared_from_this<HttpServer::Parts> {
  Parts(Reactor& reactor, HttpServerSettings with) : settings(std::move(with)), acceptor(reactor.io()) {}

  void accept();
  void close();

  HttpServerSettings settings;
  tcp::acceptor acceptor;
  Handler handler;
  UpgradeHandler upgrade;
  std::set<Connection*> connections;
  bool closed = false;

  // Here and not in Connection: only HttpServer is a friend of WebSocket.
  static void accept_web_socket(beast::tcp_stream&& stream, const http::request<http::string_body>& request,
                                const WebSocketLimits& limits, UpgradeResponder::Taker taker);
};

namespace {

// One client's connection: reads a request, waits for its answer, writes it, and again.
class Connection : public std::enable_shared_from_this<Connection> {
public:
  struct Owner {  // what it needs of the server
    std::shared_ptr<void> alive;
    const HttpServerSettings& settings;
    const bool& closed;
    HttpServer::Handler& handler;
    HttpServer::UpgradeHandler& upgrade;
    std::set<Connection*>& all;
    void (*accept_web_socket)(beast::tcp_stream&&, const http::request<http::string_body>&,
                              const WebSocketLimits&, UpgradeResponder::Taker);
  };

  Connection(tcp::socket&& socket, Owner owner) : stream_(std::move(socket)), owner_(std::move(owner)) {
    owner_.all.insert(this);
  }
  ~Connection() { owner_.all.erase(this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void read();
  void close() { stream_.close(); }

private:
  void on_request();
  void upgrade(http::request<http::string_body>&& request);
  void write(HttpResponse answer);
  void refuse(unsigned status);
  HttpResponder responder();

  beast::tcp_stream stream_;
  Owner owner_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  unsigned version_ = 11;
  bool keep_alive_ = false;
  bool head_ = false;
};

void Connection::read() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(owner_.settings.max_header_bytes));
  parser_->body_limit(owner_.settings.max_body_bytes);
  stream_.expires_after(steady(buffer_.size() == 0 && keep_alive_ ? owner_.settings.idle_timeout
                                                                  : owner_.settings.request_timeout));
  http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](const Error& error, std::size_t) {
    if (self->owner_.closed) return;
    if (error == http::error::body_limit) return self->refuse(413);
    if (is_nonsense(error)) return self->refuse(400);
    if (!error) self->on_request();
  });
}

void Connection::on_request() {
  stream_.expires_never();
  auto request = parser_->release();
  version_ = request.version();
  keep_alive_ = request.keep_alive();
  head_ = request.method() == http::verb::head;
  if (owner_.upgrade && beast::websocket::is_upgrade(request)) return upgrade(std::move(request));
  if (!owner_.handler) return write({.status = 404});
  owner_.handler(to_request(std::move(request)), responder());
}

HttpResponder Connection::responder() {
  // The answer is written after the handler has returned.
  return HttpResponder([self = shared_from_this()](HttpResponse answer) {
    asio::post(self->stream_.get_executor(), [self, answer = std::move(answer)]() mutable {
      if (!self->owner_.closed) self->write(std::move(answer));
    });
  });
}

void Connection::upgrade(http::request<http::string_body>&& request) {
  const HttpRequest question = to_request(http::request<http::string_body>(request));
  // Decided after the handler has returned, like an answer.
  UpgradeResponder responder([self = shared_from_this(), request = std::move(request)](
                                 Result<UpgradeResponder::Taker, HttpResponse> decision) {
    asio::post(self->stream_.get_executor(), [self, request, decision = std::move(decision)]() mutable {
      if (self->owner_.closed) return;
      if (!decision) return self->write(std::move(decision.error()));
      self->owner_.accept_web_socket(std::move(self->stream_), request, self->owner_.settings.web_socket,
                                     std::move(*decision));
    });
  });
  owner_.upgrade(question, std::move(responder));
}

void Connection::refuse(unsigned status) {
  keep_alive_ = false;
  write({.status = status});
}

void Connection::write(HttpResponse answer) {
  response_ = {};
  response_.version(version_);
  response_.result(answer.status);
  for (const auto& [name, value] : answer.headers) response_.insert(name, value);
  response_.body() = head_ ? std::string{} : std::move(answer.body);
  response_.keep_alive(keep_alive_);
  response_.prepare_payload();
  stream_.expires_after(steady(owner_.settings.request_timeout));
  http::async_write(stream_, response_, [self = shared_from_this()](const Error& error, std::size_t) {
    if (error || self->owner_.closed) return;
    if (self->keep_alive_) return self->read();
    Error ignored;
    self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  });
}

}  // namespace

void HttpServer::Parts::accept_web_socket(beast::tcp_stream&& stream,
                                          const http::request<http::string_body>& request,
                                          const WebSocketLimits& limits, UpgradeResponder::Taker taker) {
  auto parts = std::make_shared<WebSocket::Parts>(std::move(stream), limits);
  parts->socket.async_accept(request, [parts, taker = std::move(taker)](const Error& error) {
    if (!error) taker(std::unique_ptr<WebSocket>(new WebSocket(parts)));
  });
}

void HttpServer::Parts::accept() {
  acceptor.async_accept([self = shared_from_this()](const Error& error, tcp::socket socket) {
    if (self->closed) return;
    if (!error && self->connections.size() < self->settings.max_connections) {
      Error ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      std::make_shared<Connection>(
          std::move(socket), Connection::Owner{self, self->settings, self->closed, self->handler,
                                               self->upgrade, self->connections, &Parts::accept_web_socket})
          ->read();
    }
    self->accept();
  });
}

void HttpServer::Parts::close() {
  closed = true;
  handler = nullptr;
  upgrade = nullptr;
  Error ignored;
  acceptor.close(ignored);
  for (Connection* connection : connections) connection->close();
}

Result<std::unique_ptr<HttpServer>, SystemError> HttpServer::listen(Reactor& reactor,
                                                                    HttpServerSettings settings) {
  Error error;
  const auto address = asio::ip::make_address(settings.address, error);
  if (error) return fail(SystemError{error, "reading the HTTP address"});
  const tcp::endpoint endpoint(address, settings.port);
  auto parts = std::make_shared<Parts>(reactor, std::move(settings));
  parts->acceptor.open(endpoint.protocol(), error);
  if (!error) parts->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) parts->acceptor.bind(endpoint, error);
  if (!error) parts->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail(SystemError{error, "opening the HTTP port"});
  parts->accept();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

HttpServer::HttpServer(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}
HttpServer::~HttpServer() { parts_->close(); }
void HttpServer::on_request(Handler handler) { parts_->handler = std::move(handler); }
void HttpServer::on_upgrade(UpgradeHandler handler) { parts_->upgrade = std::move(handler); }
std::uint16_t HttpServer::port() const { return parts_->acceptor.local_endpoint().port(); }
std::size_t HttpServer::connections() const { return parts_->connections.size(); }

}  // namespace cloister::net
