// One look at a web server, as a stranger would take it, with what a diagnosis wants to know of it. For
// programs that do one thing after the other: the call waits, at most `patience`, on a loop of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/socket_address.h"
#include "net/certificate.h"
#include "net/http_server.h"

namespace cloister::net {

struct WebVisit {
  SocketAddress at;       // where the connection goes
  std::string host;       // who is asked for there: in TLS, in the Host field, and in the certificate
  bool tls = true;        // false: plain HTTP, for what listens on loopback
  std::string ca_file{};  // an authority that is believed beside the system's; empty: none
  std::string target = "/";
  HttpHeaders headers{};
  Duration patience = 5s;
};

struct TlsFacts {
  std::string protocol;  // "TLSv1.3"
  std::string fault;     // why the certificate is not to be believed, in OpenSSL's words; empty: it is
  CertificateFacts certificate;
  std::size_t chain = 0;  // certificates that the server showed
};

enum class WebStage : std::uint8_t { connection, tls, http };

struct WebFault {
  WebStage stage = WebStage::connection;
  std::string why;  // the system's words
};

struct WebPage {
  HttpResponse response;  // names of headers in lower case
  std::optional<TlsFacts> tls;
};

// A certificate that is not to be believed is a fact of the page, not a fault of the visit.
Result<WebPage, WebFault> visit(const WebVisit& visit);

// Opens a WebSocket, says `text` and gives the first text that comes back.
Result<std::string, WebFault> ask_web_socket(const WebVisit& visit, const std::string& subprotocol,
                                             const std::string& text);

}  // namespace cloister::net
