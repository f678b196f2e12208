// The whole process, built once: the XMPP connections, the bridges, the conferences, HTTP. One thread.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "focus/app/settings.h"
#include "focus/signalling/brewery.h"
#include "focus/signalling/conferences.h"
#include "focus/signalling/http_api.h"
#include "focus/signalling/metrics_text.h"
#include "focus/signalling/services.h"
#include "net/http_server.h"
#include "net/timer.h"
#include "xmpp/session.h"

namespace cloister::focus::app {

class Focus final : private signalling::Brewery::Listener, private signalling::HttpApi::Port {
public:
  // `on_ready`: both connections stand for the first time; run() of `reactor` must follow.
  static Result<std::unique_ptr<Focus>, SystemError> make(net::Reactor& reactor, const Settings& settings,
                                                          std::function<void()> on_ready);
  ~Focus() override;
  void start();
  // Leaves the rooms and expires what is on bridges; once that is sent, ends the connections. Then `done`.
  void stop(std::function<void()> done);

  // Where HTTP listens; 0: nowhere.
  std::uint16_t http_port() const { return http_ ? http_->port() : std::uint16_t{0}; }

private:
  // One connection's comings and goings.
  struct Line final : xmpp::Session::Listener {
    void on_online() override {
      if (online) online();
    }
    void on_offline() override {
      if (offline) offline();
    }
    std::function<void()> online;
    std::function<void()> offline;
  };

  Focus(net::Reactor& reactor, const Settings& settings, std::function<void()> on_ready);
  void add_services(net::Reactor& reactor, const Settings& settings);
  void on_client_online();
  void on_client_offline();
  void tell_when_ready();

  void on_bridge_available() override { conferences_.on_bridge_available(); }
  void on_bridge_lost(const xmpp::Jid& bridge) override { conferences_.on_bridge_lost(bridge); }
  bool relieve(const xmpp::Jid& bridge) override { return conferences_.move_one_off(bridge); }

  void request(const xmpp::ConferenceRequest& request,
               std::function<void(signalling::Conferences::Answer)> done) override;
  std::string problem() const override;
  std::string metrics() const override;
  std::string stats() const override;
  signalling::Figures figures() const;

  const room::RoomSettings room_settings_;
  SteadyClock clock_;
  room::Counters counters_;
  room::FeaturesCache features_;
  std::unique_ptr<xmpp::Session> client_;
  std::unique_ptr<xmpp::Session> component_;
  Line client_line_;
  Line component_line_;
  std::vector<std::unique_ptr<xmpp::Session>> service_sessions_;
  Line service_line_;  // what they miss is missed: the state is ours, not the server's
  std::function<void()> on_ready_;
  signalling::Brewery brewery_;
  signalling::Services services_;
  signalling::Conferences conferences_;
  signalling::HttpApi api_{*this};
  std::unique_ptr<net::HttpServer> http_;
  net::Timer farewell_;
};

}  // namespace cloister::focus::app
