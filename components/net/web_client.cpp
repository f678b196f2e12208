#include "net/web_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <charconv>
#include <deque>
#include <utility>

#include "base/socket_address.h"

namespace cloister::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using Error = boost::system::error_code;
using Tls = beast::ssl_stream<beast::tcp_stream>;

std::optional<WebAddress> WebAddress::parse(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  if (const auto name = url.substr(0, scheme); name != "https" && name != "wss") return std::nullopt;
  url.remove_prefix(scheme + 3);
  WebAddress out;
  const auto path = std::min(url.find_first_of("/?#"), url.size());
  std::string_view place = url.substr(0, path);
  if (const auto target = url.substr(path, url.find('#') - path); !target.empty())
    out.target = (target.front() == '/' ? "" : "/") + std::string(target);
  const auto bracket = place.rfind(']');
  const auto colon = place.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    const std::string_view port = place.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (error != std::errc() || end != port.data() + port.size() || out.port == 0) return std::nullopt;
    place = place.substr(0, colon);
  }
  if (place.starts_with('[') && place.ends_with(']')) place = place.substr(1, place.size() - 2);
  if (place.empty() || place.find_first_of("@[] ") != std::string_view::npos) return std::nullopt;
  out.host = place;
  return out;
}

std::string WebAddress::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == 443 ? name : name + ":" + std::to_string(port);
}

bool WebAddress::is_loopback() const {
  const auto address = SocketAddress::parse(host, port);
  return address ? address->is_loopback() : host == "localhost";
}

struct Trust::Parts {
  ssl::context context{ssl::context::tls_client};
  bool checked = true;
};

Trust Trust::system() {
  auto parts = std::make_shared<Parts>();
  Error ignored;  // without any authority all are refused, which is said then
  parts->context.set_default_verify_paths(ignored);
  return Trust(std::move(parts));
}

Result<Trust, SystemError> Trust::only(const std::string& ca_file) {
  auto parts = std::make_shared<Parts>();
  Error error;
  parts->context.load_verify_file(ca_file, error);
  if (error) return fail(SystemError{error, "reading the certificate authority"});
  return Trust(std::move(parts));
}

Trust Trust::blind() {
  auto parts = std::make_shared<Parts>();
  parts->checked = false;
  return Trust(std::move(parts));
}

// Resolves, connects and shakes hands: what both kinds have in common.
class WebClient::Connection : public std::enable_shared_from_this<Connection> {
public:
  Connection(Reactor& reactor, Trust trust, WebAddress address)
      : trust_(std::move(trust)), address_(std::move(address)), resolver_(reactor.io()) {}
  virtual ~Connection() = default;

  void start(Tls& tls) {
    Parts& trusted = parts();
    tls.set_verify_mode(trusted.checked ? ssl::verify_peer : ssl::verify_none);
    if (trusted.checked) tls.set_verify_callback(ssl::host_name_verification(address_.host));
    // The cast that OpenSSL's macro SSL_set_tlsext_host_name would make.
    SSL_ctrl(tls.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(address_.host.c_str()));
    beast::get_lowest_layer(tls).expires_after(std::chrono::seconds(kPatienceSeconds));
    resolver_.async_resolve(address_.host, std::to_string(address_.port),
                            [self = shared_from_this(), &tls](const Error& error, const auto& found) {
                              if (error) return self->fail(WebFailure::unreachable);
                              self->connect(tls, found);
                            });
  }

protected:
  using Parts = Trust::Parts;
  Parts& parts() { return *trust_.parts_; }
  virtual void on_secure() = 0;
  virtual void fail(WebFailure why) = 0;
  const WebAddress& address() const { return address_; }

private:
  void connect(Tls& tls, const tcp::resolver::results_type& found) {
    beast::get_lowest_layer(tls).async_connect(
        found, [self = shared_from_this(), &tls](const Error& error, const tcp::endpoint&) {
          if (error) return self->fail(WebFailure::unreachable);
          beast::get_lowest_layer(tls).socket().set_option(tcp::no_delay(true));
          tls.async_handshake(ssl::stream_base::client, [self](const Error& refused) {
            if (!refused) return self->on_secure();
            const bool certificate = refused.category() == asio::error::get_ssl_category();
            self->fail(certificate ? WebFailure::untrusted : WebFailure::refused);
          });
        });
  }

  Trust trust_;
  WebAddress address_;
  tcp::resolver resolver_;
};

class WebClient::Question final : public Connection {
public:
  using Done = std::function<void(Result<std::string, WebFailure>)>;

  Question(Reactor& reactor, Trust trust, const WebAddress& to, Done done)
      : Connection(reactor, std::move(trust), to),
        done_(std::move(done)),
        tls_(reactor.io(), parts().context) {
    request_ = {http::verb::get, to.target, 11};
    request_.set(http::field::host, to.authority());
    response_.body_limit(kMaxBody);
  }
  void begin() { start(tls_); }
  void forget() { done_ = nullptr; }

private:
  void on_secure() override {
    http::async_write(tls_, request_, [self = shared_from_this(), this](const Error& error, std::size_t) {
      if (error) return fail(WebFailure::refused);
      http::async_read(tls_, buffer_, response_, [self, this](const Error& unread, std::size_t) {
        const bool good = !unread && response_.get().result() == http::status::ok;
        if (!good) return fail(WebFailure::refused);
        if (const Done done = std::exchange(done_, nullptr)) done(std::move(response_.get().body()));
      });
    });
  }
  void fail(WebFailure why) override {
    if (const Done done = std::exchange(done_, nullptr)) done(cloister::fail(why));
  }

  Done done_;
  Tls tls_;
  http::request<http::empty_body> request_;
  http::response_parser<http::string_body> response_;
  beast::flat_buffer buffer_;
};

class WebClient::Socket final : public Connection {
public:
  Socket(Reactor& reactor, Trust trust, const WebAddress& to, std::string subprotocol, Listener& listener)
      : Connection(reactor, std::move(trust), to),
        subprotocol_(std::move(subprotocol)),
        listener_(&listener),
        socket_(reactor.io(), parts().context) {}
  void begin() { start(socket_.next_layer()); }

  void send_text(std::string text) {
    if (closing_) return;
    outgoing_.push_back(std::move(text));
    write();
  }
  void close() {
    listener_ = nullptr;
    if (std::exchange(closing_, true)) return;
    if (open_)
      write();
    else
      beast::get_lowest_layer(socket_).close();
  }

private:
  void on_secure() override {
    beast::get_lowest_layer(socket_).expires_never();
    auto timeouts = websocket::stream_base::timeout::suggested(beast::role_type::client);
    timeouts.idle_timeout = websocket::stream_base::none();
    socket_.set_option(timeouts);
    socket_.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
      if (!subprotocol_.empty()) request.set(http::field::sec_websocket_protocol, subprotocol_);
    }));
    socket_.text(true);
    // Prosody 0.12 ends the connection at a message in several frames.
    socket_.auto_fragment(false);
    socket_.async_handshake(address().authority(), address().target,
                            [self = shared_from_this(), this](const Error& error) {
                              if (error) return fail(WebFailure::refused);
                              open_ = true;
                              write();
                              if (listener_) listener_->on_open();
                              read();
                            });
  }
  void read() {
    socket_.async_read(incoming_, [self = shared_from_this(), this](const Error& error, std::size_t) {
      if (error) return fail(WebFailure::lost);
      const auto bytes = incoming_.cdata();
      if (listener_) listener_->on_text({static_cast<const char*>(bytes.data()), bytes.size()});
      incoming_.consume(incoming_.size());
      read();
    });
  }
  void write() {
    if (writing_ || !open_) return;
    if (outgoing_.empty() && !closing_) return;
    writing_ = true;
    if (outgoing_.empty()) {
      socket_.async_close(websocket::close_code::normal, [self = shared_from_this()](const Error&) {});
      return;
    }
    socket_.async_write(asio::buffer(outgoing_.front()),
                        [self = shared_from_this(), this](const Error& error, std::size_t) {
                          writing_ = false;
                          if (error) return fail(WebFailure::lost);
                          outgoing_.pop_front();
                          write();
                        });
  }
  void fail(WebFailure why) override {
    closing_ = true;
    beast::get_lowest_layer(socket_).close();
    if (Listener* const told = std::exchange(listener_, nullptr)) told->on_failed(why);
  }

  std::string subprotocol_;
  Listener* listener_;
  websocket::stream<Tls> socket_;
  beast::flat_buffer incoming_;
  std::deque<std::string> outgoing_;  // the first one is being written
  bool open_ = false;
  bool writing_ = false;
  bool closing_ = false;
};

WebClient::WebClient(Reactor& reactor, Trust trust) : reactor_(reactor), trust_(std::move(trust)) {}

WebClient::~WebClient() {
  if (question_) question_->forget();
  close();
}

void WebClient::get(const WebAddress& address, std::function<void(Result<std::string, WebFailure>)> done) {
  question_ = std::make_shared<Question>(reactor_, trust_, address, std::move(done));
  question_->begin();
}

void WebClient::open(const WebAddress& address, const std::string& subprotocol, Listener& listener) {
  socket_ = std::make_shared<Socket>(reactor_, trust_, address, subprotocol, listener);
  socket_->begin();
}

void WebClient::send_text(std::string text) {
  if (socket_) socket_->send_text(std::move(text));
}

void WebClient::close() {
  if (socket_) socket_->close();
}

}  // namespace cloister::net
