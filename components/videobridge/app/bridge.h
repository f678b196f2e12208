// The whole bridge: builds everything once from the settings and joins it. Main thread.
#pragma once

#include <memory>
#include <vector>

#include "base/clock.h"
#include "net/reactor.h"
#include "net/timer.h"
#include "videobridge/app/settings.h"
#include "videobridge/shard/shard.h"
#include "videobridge/signalling/brewery.h"
#include "videobridge/signalling/colibri2_handler.h"
#include "videobridge/signalling/http_api.h"
#include "videobridge/signalling/statistics.h"
#include "xmpp/session.h"

namespace cloister::videobridge::app {

class Bridge final : xmpp::Session::Listener, shard::Shard::Listener {
public:
  // Opens the media ports and the HTTP port. `reactor` outlives the bridge and does not run after it.
  static Result<std::unique_ptr<Bridge>, SystemError> make(net::Reactor& reactor, const Settings& settings);
  ~Bridge() override;

  // Connects to the XMPP server, for ever.
  void start();
  // Leaves the brewery, so that focuses move their conferences at once, and ends the reactor's run.
  void stop();

private:
  Bridge(net::Reactor& reactor, const Settings& settings);
  Result<void, SystemError> open();
  void wire();
  void refresh();

  void on_online() override;
  void on_offline() override;
  void send_web_socket_text(conference::WebSocketHandle handle, std::string text) override;
  void close_web_socket(conference::WebSocketHandle handle, std::uint16_t code) override;
  void on_conference_ended(const MeetingId& meeting) override;

  net::Reactor& reactor_;
  Settings settings_;
  SteadyClock clock_;
  signalling::BridgeState state_;
  std::vector<std::unique_ptr<shard::Shard>> shards_;
  std::unique_ptr<signalling::Statistics> statistics_;
  std::unique_ptr<xmpp::Session> session_;
  std::unique_ptr<signalling::Brewery> brewery_;
  std::unique_ptr<signalling::Colibri2Handler> colibri2_;
  std::unique_ptr<signalling::HttpApi> http_;
  net::Timer refresh_timer_;
};

}  // namespace cloister::videobridge::app
