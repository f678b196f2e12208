// The bridge in the brewery room: joins under its nickname, publishes its statistics every few seconds, and
// comes back after each loss of the connection. Focuses find the bridge here (bridge.md §1.2; checklist
// 1–10). Main thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "net/timer.h"
#include "xmpp/muc_room.h"
#include "xmpp/session.h"

namespace cloister::videobridge::signalling {

class Brewery final : public xmpp::MucRoom::Listener {
public:
  using Stats = std::map<std::string, std::string>;
  static constexpr Duration kPresenceInterval = 5s;
  static constexpr Duration kRejoinDelay = 2s;

  // `stats` is asked before each presence; the first one already carries them (checklist 3).
  Brewery(net::Reactor& reactor, xmpp::Session& session, xmpp::Jid occupant, std::function<Stats()> stats);

  void on_online();
  void on_offline();
  // Something changed that focuses should know now.
  void publish();
  void leave();
  bool inside() const { return room_ && room_->inside(); }

private:
  void on_joined(const xmpp::MucPresence& self) override;
  void on_join_failed(const xmpp::StanzaError& error) override;
  void on_occupant(const xmpp::MucPresence&) override {}
  void on_self(const xmpp::MucPresence&) override {}
  void on_removed(const xmpp::MucPresence& self) override;
  void rejoin_later();
  void publish_and_repeat();
  xmpp::MucSelfPresence content() const;

  net::Reactor& reactor_;
  xmpp::Session& session_;
  xmpp::Jid occupant_;
  std::function<Stats()> stats_;
  std::unique_ptr<xmpp::MucRoom> room_;
  net::Timer timer_;
};

}  // namespace cloister::videobridge::signalling
