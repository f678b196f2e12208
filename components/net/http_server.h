// Plain HTTP/1.1 for loopback, behind the web server that ends TLS: a few short requests, and WebSockets.
// Reactor thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/reactor.h"
#include "net/web_socket.h"

namespace cloister::net {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;   // "GET"
  std::string target;   // path and query as sent
  HttpHeaders headers;  // names in lower case
  std::string body;

  // The first header of that (lower-case) name; empty when there is none.
  std::string_view header(std::string_view name) const;
  // The target without its query.
  std::string_view path() const;
};

struct HttpResponse {
  unsigned status = 200;
  HttpHeaders headers{};
  std::string body{};
};

// The duty to answer one request, now or later; dying unanswered it answers 500. Move only.
class HttpResponder {
public:
  using Send = std::function<void(HttpResponse)>;
  explicit HttpResponder(Send send) : send_(std::move(send)) {}
  ~HttpResponder();
  HttpResponder(HttpResponder&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
  HttpResponder& operator=(HttpResponder&& other) noexcept;

  // The first one counts. Goes nowhere when the client has left meanwhile.
  void reply(HttpResponse response);

private:
  Send send_;
};

// The decision on one WebSocket handshake, now or later; dying undecided it refuses with 500. Move only.
class UpgradeResponder {
public:
  // Takes over the accepted WebSocket.
  using Taker = std::function<void(std::unique_ptr<WebSocket>)>;
  using Decide = std::function<void(Result<Taker, HttpResponse>)>;
  explicit UpgradeResponder(Decide decide) : decide_(std::move(decide)) {}
  ~UpgradeResponder();
  UpgradeResponder(UpgradeResponder&& other) noexcept : decide_(std::exchange(other.decide_, nullptr)) {}
  UpgradeResponder& operator=(UpgradeResponder&& other) noexcept;

  // The first decision counts.
  void accept(Taker taker) { decide(std::move(taker)); }
  void refuse(HttpResponse response) { decide(cloister::fail(std::move(response))); }

private:
  void decide(Result<Taker, HttpResponse> decision);

  Decide decide_;
};

struct HttpServerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any that is free
  std::size_t max_connections = 4096;
  std::size_t max_header_bytes = 16 * 1024;  // longer: 400
  std::size_t max_body_bytes = 64 * 1024;    // longer: 413
  Duration request_timeout = 15s;            // from the first byte of a request to its last
  Duration idle_timeout = 60s;               // between two requests on one connection
  WebSocketLimits web_socket{};
};

class HttpServer {
public:
  using Handler = std::function<void(HttpRequest, HttpResponder)>;
  using UpgradeHandler = std::function<void(const HttpRequest&, UpgradeResponder)>;

  static Result<std::unique_ptr<HttpServer>, SystemError> listen(Reactor& reactor,
                                                                 HttpServerSettings settings);
  ~HttpServer();  // closes all connections; WebSockets that were taken over live on
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void on_request(Handler handler);
  // Without one, an upgrade is a request like any other.
  void on_upgrade(UpgradeHandler handler);
  std::uint16_t port() const;
  std::size_t connections() const;

private:
  struct Parts;
  explicit HttpServer(std::shared_ptr<Parts> parts);
  std::shared_ptr<Parts> parts_;
};

}  // namespace cloister::net
