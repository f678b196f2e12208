#include "videobridge/app/reload.h"

#include <utility>

namespace cloister::videobridge::app {
namespace {

// Calls visit(key, member of a, member of b) for everything that is decided at the start.
template <class A, class B, class Visit>
void for_each_fixed(A& a, B& b, Visit&& visit) {
  visit("xmpp.host", a.xmpp.host, b.xmpp.host);
  visit("xmpp.port", a.xmpp.port, b.xmpp.port);
  visit("xmpp.domain", a.xmpp.domain, b.xmpp.domain);
  visit("xmpp.user", a.xmpp.user, b.xmpp.user);
  visit("xmpp.password_file", a.xmpp.password, b.xmpp.password);
  visit("xmpp.ca_file", a.xmpp.ca_file, b.xmpp.ca_file);
  visit("xmpp.brewery", a.xmpp.brewery, b.xmpp.brewery);
  visit("xmpp.nickname", a.xmpp.nickname, b.xmpp.nickname);
  visit("media.port", a.media.port, b.media.port);
  visit("media.shards", a.media.shards, b.media.shards);
  visit("media.addresses", a.media.addresses, b.media.addresses);
  visit("media.include_loopback", a.media.include_loopback, b.media.include_loopback);
  visit("relay.enabled", a.relay.enabled, b.relay.enabled);
  visit("relay.id", a.relay.id, b.relay.id);
  visit("relay.port", a.relay.port, b.relay.port);
  visit("relay.ports", a.relay.ports, b.relay.ports);
  visit("http.address", a.http.address, b.http.address);
  visit("http.port", a.http.port, b.http.port);
  visit("websocket.url", a.web_socket_url, b.web_socket_url);
}

}  // namespace

std::vector<std::string> waiting_for_restart(const Settings& running, const Settings& fresh) {
  std::vector<std::string> out;
  for_each_fixed(running, fresh, [&out](const char* key, const auto& was, const auto& is) {
    if (was != is) out.emplace_back(key);
  });
  return out;
}

Settings taken_over(const Settings& running, Settings fresh) {
  for_each_fixed(running, fresh, [](const char*, const auto& was, auto& is) { is = was; });
  return fresh;
}

}  // namespace cloister::videobridge::app
