// What operators and their tools ask over HTTP (bridge.md §1.4): health, version, statistics, metrics, drain,
// shutdown. On loopback and without a password, so whoever has the machine has this; web pages have not.
// Requests in, answers out. Main thread.
#pragma once

#include "net/http_server.h"
#include "videobridge/signalling/statistics.h"

namespace cloister::videobridge::signalling {

enum class Shutdown : std::uint8_t { graceful, now };

class OperatorApi {
public:
  // The bridge itself.
  struct Port {
    virtual ~Port() = default;
    virtual BridgeState state() const = 0;
    virtual void drain(bool on) = 0;
    virtual bool may_shut_down() const = 0;  // shutdown.http in the settings
    virtual void shut_down(Shutdown how) = 0;
  };

  // Both outlive it.
  OperatorApi(const Statistics& statistics, Port& port) : statistics_(statistics), port_(port) {}

  // 404: nothing there; 405: not by this method; 403: a web page asks to change something; 400: bad body.
  net::HttpResponse answer(const net::HttpRequest& request);

private:
  struct Route;
  net::HttpResponse health(const net::HttpRequest& request);
  net::HttpResponse version(const net::HttpRequest& request);
  net::HttpResponse stats(const net::HttpRequest& request);
  net::HttpResponse metrics(const net::HttpRequest& request);
  net::HttpResponse drain(const net::HttpRequest& request);
  net::HttpResponse enable_drain(const net::HttpRequest& request);
  net::HttpResponse disable_drain(const net::HttpRequest& request);
  net::HttpResponse shut_down(const net::HttpRequest& request);

  const Statistics& statistics_;
  Port& port_;
};

}  // namespace cloister::videobridge::signalling
