// What the focus answers over HTTP (protocol/focus.md §9.1): conference requests, health, version, totals.
// Focus thread.
#pragma once

#include <functional>

#include "focus/signalling/conferences.h"
#include "net/http_server.h"

namespace cloister::focus::signalling {

class HttpApi {
public:
  struct Port {
    virtual ~Port() = default;
    virtual void request(const xmpp::ConferenceRequest& request,
                         std::function<void(Conferences::Answer)> done) = 0;
    // Empty: healthy. Else why not, in words for an operator.
    virtual std::string problem() const = 0;
    virtual std::string metrics() const = 0;
    virtual std::string stats() const = 0;  // JSON
  };

  explicit HttpApi(Port& port) : port_(port) {}
  void on_request(const net::HttpRequest& request, net::HttpResponder responder);

private:
  void on_conference_request(const net::HttpRequest& request, net::HttpResponder responder);
  net::HttpResponse health() const;
  net::HttpResponse metrics() const;

  Port& port_;
};

// The answer to a conference request. `400 invalid-session` must not stand at the beginning (checklist 36).
net::HttpResponse conference_response(const Conferences::Answer& answer);

}  // namespace cloister::focus::signalling
