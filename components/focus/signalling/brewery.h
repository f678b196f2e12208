// The room in which bridges report (protocol/focus.md §6.1): enters it, keeps in it, asks the bridges for
// their health, and feeds the list of bridges. Focus thread.
#pragma once

#include <memory>

#include "focus/bridges/bridge_list.h"
#include "net/timer.h"
#include "xmpp/muc_room.h"

namespace cloister::focus::signalling {

class Brewery final : private xmpp::MucRoom::Listener, private bridges::BridgeList::Port {
public:
  struct Listener {
    virtual ~Listener() = default;
    virtual void on_bridge_available() = 0;
    virtual void on_bridge_lost(const xmpp::Jid& bridge) = 0;
    virtual bool relieve(const xmpp::Jid& bridge) = 0;
  };
  static constexpr Duration kJoinRetry = 15s;

  Brewery(net::Reactor& reactor, xmpp::Session& session, xmpp::Jid room, const Clock& clock,
          Listener& listener, bridges::BridgeSettings settings = {});

  void on_online() { join(); }
  // Forgets all bridges, silently.
  void on_offline();
  void leave();

  bridges::BridgeList& bridges() { return bridges_; }
  const bridges::BridgeList& bridges() const { return bridges_; }

private:
  void on_joined(const xmpp::MucPresence& self) override;
  void on_join_failed(const xmpp::StanzaError& error) override;
  void on_occupant(const xmpp::MucPresence& presence) override;
  void on_self(const xmpp::MucPresence&) override {}
  void on_removed(const xmpp::MucPresence& self) override;

  void check_health(const xmpp::Jid& bridge) override;
  void on_bridge_available() override { listener_.on_bridge_available(); }
  void on_bridge_lost(const xmpp::Jid& bridge) override { listener_.on_bridge_lost(bridge); }
  bool relieve(const xmpp::Jid& bridge) override { return listener_.relieve(bridge); }

  void join();
  void arm();

  net::Reactor& reactor_;
  xmpp::Session& session_;
  xmpp::Jid room_;
  const Clock& clock_;
  Listener& listener_;
  bridges::BridgeList bridges_;
  std::unique_ptr<xmpp::MucRoom> muc_;
  net::Timer retry_;
  net::Timer wakeup_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace cloister::focus::signalling
