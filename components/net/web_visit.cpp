#include "net/web_visit.h"

#include <openssl/x509v3.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>

namespace cloister::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using Error = boost::system::error_code;
using Tls = beast::ssl_stream<tcp::socket>;

constexpr std::size_t kMaxBody = std::size_t{1} << 20U;

// Asynchronous operations one after the other, all of them within one deadline.
class Patience {
public:
  explicit Patience(Duration patience) : deadline_(std::chrono::steady_clock::now() + patience) {}

  asio::io_context& io() { return io_; }
  template <class Start>
  Error wait_for(tcp::socket& socket, Start start) {
    std::optional<Error> result;
    start([&result](const Error& error, const auto&...) { result = error; });
    io_.restart();
    io_.run_until(deadline_);
    if (result) return *result;
    Error ignored;
    socket.close(ignored);
    io_.restart();
    io_.run();  // the operation ends now that its socket is gone
    return asio::error::timed_out;
  }

private:
  asio::io_context io_;
  std::chrono::steady_clock::time_point deadline_;
};

TlsFacts facts_of(SSL* tls) {
  TlsFacts out;
  out.protocol = SSL_get_version(tls);
  if (const long code = SSL_get_verify_result(tls); code != X509_V_OK)
    out.fault = X509_verify_cert_error_string(code);
  if (STACK_OF(X509)* const chain = SSL_get_peer_cert_chain(tls))
    out.chain = static_cast<std::size_t>(sk_X509_num(chain));
  if (const X509* const certificate = SSL_get0_peer_certificate(tls))
    out.certificate = net::facts_of(certificate);
  return out;
}

tcp::endpoint endpoint_of(const SocketAddress& address) {
  return {asio::ip::make_address(address.ip_text_for_wire()), address.port()};
}

std::string authority_of(const WebVisit& to) {
  const std::string name = to.host.find(':') == std::string::npos ? to.host : "[" + to.host + "]";
  return to.at.port() == (to.tls ? 443 : 80) ? name : name + ":" + std::to_string(to.at.port());
}

// The handshake succeeds whatever the certificate is worth; what it is worth stays in the verify result.
void prepare(Tls& tls, const WebVisit& to) {
  SSL* const handle = tls.native_handle();
  tls.set_verify_mode(ssl::verify_none);
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(handle);
  if (SocketAddress::parse(to.host, 0)) {
    X509_VERIFY_PARAM_set1_ip_asc(wanted, to.host.c_str());
    return;
  }
  X509_VERIFY_PARAM_set1_host(wanted, to.host.c_str(), to.host.size());
  // The cast that OpenSSL's macro SSL_set_tlsext_host_name would make.
  SSL_ctrl(handle, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(to.host.c_str()));
}

ssl::context make_context(const WebVisit& to) {
  ssl::context context(ssl::context::tls_client);
  Error ignored;  // what cannot be read is not believed, and that is said then
  context.set_default_verify_paths(ignored);
  if (!to.ca_file.empty()) context.load_verify_file(to.ca_file, ignored);
  return context;
}

auto fault(WebStage stage, const Error& error) { return cloister::fail(WebFault{stage, error.message()}); }

Result<void, WebFault> connect(Patience& patience, tcp::socket& socket, const WebVisit& to) {
  const Error error = patience.wait_for(
      socket, [&](auto done) { socket.async_connect(endpoint_of(to.at), std::move(done)); });
  if (error) return fault(WebStage::connection, error);
  return {};
}

Result<void, WebFault> secure(Patience& patience, Tls& tls, const WebVisit& to) {
  prepare(tls, to);
  const Error error = patience.wait_for(
      tls.next_layer(), [&](auto done) { tls.async_handshake(ssl::stream_base::client, std::move(done)); });
  if (error) return fault(WebStage::tls, error);
  return {};
}

template <class Stream>
Result<HttpResponse, WebFault> get(Patience& patience, Stream& stream, tcp::socket& socket,
                                   const WebVisit& to) {
  http::request<http::empty_body> request(http::verb::get, to.target, 11);
  request.set(http::field::host, authority_of(to));
  for (const auto& [name, value] : to.headers) request.set(name, value);
  if (const Error error =
          patience.wait_for(socket, [&](auto done) { http::async_write(stream, request, std::move(done)); }))
    return fault(WebStage::http, error);
  http::response_parser<http::string_body> response;
  response.body_limit(kMaxBody);
  beast::flat_buffer buffer;
  if (const Error error = patience.wait_for(
          socket, [&](auto done) { http::async_read(stream, buffer, response, std::move(done)); }))
    return fault(WebStage::http, error);
  HttpResponse out{.status = response.get().result_int(), .body = std::move(response.get().body())};
  for (const auto& field : response.get()) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    out.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  return out;
}

}  // namespace

Result<WebPage, WebFault> visit(const WebVisit& to) {
  Patience patience(to.patience);
  if (!to.tls) {
    tcp::socket socket(patience.io());
    if (const auto connected = connect(patience, socket, to); !connected) return fail(connected.error());
    auto response = get(patience, socket, socket, to);
    if (!response) return fail(response.error());
    return WebPage{.response = std::move(*response), .tls = std::nullopt};
  }
  ssl::context context = make_context(to);
  Tls tls(patience.io(), context);
  if (const auto connected = connect(patience, tls.next_layer(), to); !connected)
    return fail(connected.error());
  if (const auto secured = secure(patience, tls, to); !secured) return fail(secured.error());
  TlsFacts facts = facts_of(tls.native_handle());
  auto response = get(patience, tls, tls.next_layer(), to);
  if (!response) return fail(response.error());
  return WebPage{.response = std::move(*response), .tls = std::move(facts)};
}

Result<std::string, WebFault> ask_web_socket(const WebVisit& to, const std::string& subprotocol,
                                             const std::string& text) {
  Patience patience(to.patience);
  ssl::context context = make_context(to);
  websocket::stream<Tls> socket(patience.io(), context);
  tcp::socket& lowest = socket.next_layer().next_layer();
  if (const auto connected = connect(patience, lowest, to); !connected) return fail(connected.error());
  if (const auto secured = secure(patience, socket.next_layer(), to); !secured) return fail(secured.error());
  socket.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
    request.set(http::field::sec_websocket_protocol, subprotocol);
  }));
  socket.text(true);
  socket.auto_fragment(false);
  beast::flat_buffer incoming;
  const auto step = [&](auto start) { return patience.wait_for(lowest, std::move(start)); };
  if (const Error error =
          step([&](auto done) { socket.async_handshake(authority_of(to), to.target, std::move(done)); }))
    return fault(WebStage::http, error);
  if (const Error error = step([&](auto done) { socket.async_write(asio::buffer(text), std::move(done)); }))
    return fault(WebStage::http, error);
  if (const Error error = step([&](auto done) { socket.async_read(incoming, std::move(done)); }))
    return fault(WebStage::http, error);
  return beast::buffers_to_string(incoming.cdata());
}

}  // namespace cloister::net
