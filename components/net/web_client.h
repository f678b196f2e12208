// The other end of the web: a question over HTTPS and a WebSocket over TLS that we open. For programs that
// are clients of a server of ours; the daemons dial nobody this way. Reactor thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/reactor.h"

namespace cloister::net {

// "https://host[:port]/target" or "wss://…": where it is and what is asked for there.
struct WebAddress {
  std::string host;  // a name, or an IP address without brackets
  std::uint16_t port = 443;
  std::string target = "/";  // path and query

  // Nothing for other schemes and for what is no address.
  static std::optional<WebAddress> parse(std::string_view url);
  // As in a Host field: with the port where that is not the usual one, an IPv6 address in brackets.
  std::string authority() const;
  // An address or "localhost", not asked of any name server.
  bool is_loopback() const;
};

// Which certificates are believed. Copies share it.
class Trust {
public:
  static Trust system();
  static Result<Trust, SystemError> only(const std::string& ca_file);
  // Whoever answers is believed: for trials with a certificate of their own.
  static Trust blind();

private:
  friend class WebClient;
  struct Parts;
  explicit Trust(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<Parts> parts_;
};

enum class WebFailure : std::uint8_t {
  unreachable,  // no such name, nobody listens, no answer in kPatience
  untrusted,    // its certificate is not one that is believed
  refused,      // it answers, but not with what was asked for
  lost,         // it was open, then it ended
};

// One question or one WebSocket.
class WebClient {
public:
  static constexpr int kPatienceSeconds = 10;
  static constexpr std::size_t kMaxBody = std::size_t{256} * 1024;

  struct Listener {
    virtual ~Listener() = default;
    virtual void on_open() = 0;
    virtual void on_text(std::string_view text) = 0;  // valid during the call
    // The last call; not after close() or destruction.
    virtual void on_failed(WebFailure why) = 0;
  };

  WebClient(Reactor& reactor, Trust trust);
  ~WebClient();
  WebClient(const WebClient&) = delete;
  WebClient& operator=(const WebClient&) = delete;

  // `done` gets the body of a 200, at most kMaxBody bytes. It is called once, from the reactor, and not when
  // the client died before.
  void get(const WebAddress& address, std::function<void(Result<std::string, WebFailure>)> done);
  void open(const WebAddress& address, const std::string& subprotocol, Listener& listener);

  // For an open WebSocket. Queues; the order is kept.
  void send_text(std::string text);
  // Sends what is queued, then the close frame; the connection lives on by itself until that is done.
  void close();

private:
  class Connection;
  class Question;
  class Socket;
  Reactor& reactor_;
  Trust trust_;
  std::shared_ptr<Question> question_;
  std::shared_ptr<Socket> socket_;
};

}  // namespace cloister::net
