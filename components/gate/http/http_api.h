// What the gate answers over HTTP on loopback. The first three need the callers' key (Authorization: Bearer),
// which only the XMPP server and the web server know: an address that they name may be banned.
//   POST /v1/check     the XMPP server: is this the host? 200 with {"result": …}, whatever it is
//   POST /v1/sign-in   the web client, by the web server, which names the address in X-Real-IP: 200 with a
//   token,
//                      403 refused, 429 wait, 503 busy or unavailable
//   POST /v1/sign-out  the same way: the token ends
//   GET  /about/health, /about/version, /metrics: anyone
// Gate thread.
#pragma once

#include "gate/http/request_json.h"
#include "gate/sign_in/sign_in.h"
#include "net/http_server.h"

namespace cloister::gate::http {

class HttpApi {
public:
  HttpApi(sign_in::SignIn& sign_in, secrets::Secret callers_key, Duration token_first_use);

  void on_request(const net::HttpRequest& request, net::HttpResponder responder);

private:
  bool is_caller(const net::HttpRequest& request) const;
  void on_check(const net::HttpRequest& request, net::HttpResponder responder);
  void on_sign_in(const net::HttpRequest& request, net::HttpResponder responder);
  void on_sign_out(const net::HttpRequest& request, net::HttpResponder responder);

  sign_in::SignIn& sign_in_;
  const secrets::Secret callers_key_;
  const Duration token_first_use_;
};

}  // namespace cloister::gate::http
