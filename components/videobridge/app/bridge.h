// The whole bridge: builds everything once from the settings and joins it. Main thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/service_manager.h"
#include "net/reactor.h"
#include "net/timer.h"
#include "videobridge/app/load_watch.h"
#include "videobridge/app/pulse.h"
#include "videobridge/app/settings.h"
#include "videobridge/shard/shard.h"
#include "videobridge/signalling/brewery.h"
#include "videobridge/signalling/colibri2_handler.h"
#include "videobridge/signalling/http_api.h"
#include "videobridge/signalling/lifecycle.h"
#include "videobridge/signalling/operator_api.h"
#include "videobridge/signalling/statistics.h"
#include "xmpp/session.h"

namespace cloister::videobridge::app {

class Bridge final : xmpp::Session::Listener, shard::Shard::Listener, signalling::OperatorApi::Port {
public:
  // Opens the media ports and the HTTP port. `reactor` outlives the bridge and does not run after it.
  static Result<std::unique_ptr<Bridge>, SystemError> make(net::Reactor& reactor, const Settings& settings);
  ~Bridge() override;

  // Connects to the XMPP server, for ever.
  void start();
  // Takes over what can change while calls go on, and names what cannot.
  void reload(const Settings& fresh);
  // Leaves the brewery, so that focuses move their conferences at once, and ends the reactor's run.
  void stop();

private:
  Bridge(net::Reactor& reactor, const Settings& settings);
  Result<void, SystemError> open();
  void wire();
  void make_round();
  void refresh(TimePoint now);
  void beat();
  void advance();
  void on_phase();
  void configure_shards();
  std::string status_line() const;

  void on_online() override;
  void on_offline() override;
  void send_web_socket_text(conference::WebSocketHandle handle, std::string text) override;
  void close_web_socket(conference::WebSocketHandle handle, std::uint16_t code) override;
  void on_conference_ended(const MeetingId& meeting) override;
  // signalling::OperatorApi::Port
  signalling::BridgeState state() const override;
  void drain(bool on) override;
  bool may_shut_down() const override { return settings_.shutdown_by_http; }
  void shut_down(signalling::Shutdown how) override;

  net::Reactor& reactor_;
  Settings settings_;
  SteadyClock clock_;
  ServiceManager manager_;
  signalling::Lifecycle lifecycle_;
  std::uint64_t xmpp_disconnects_ = 0;
  bool stopping_ = false;
  std::vector<std::unique_ptr<shard::Shard>> shards_;
  std::optional<Pulse> pulse_;
  std::optional<LoadWatch> load_;
  std::unique_ptr<signalling::Statistics> statistics_;
  std::unique_ptr<xmpp::Session> session_;
  std::unique_ptr<signalling::Brewery> brewery_;
  std::unique_ptr<signalling::Colibri2Handler> colibri2_;
  std::unique_ptr<signalling::OperatorApi> operators_;
  std::unique_ptr<signalling::HttpApi> http_;
  TimePoint next_refresh_{};
  net::Timer round_timer_;
};

}  // namespace cloister::videobridge::app
