// One conference at the XMPP server: enters the room, configures it, and carries values between the room's
// decisions and the session. Decides nothing itself. Focus thread; Conferences owns it.
#pragma once

#include <functional>
#include <memory>
#include <set>

#include "focus/signalling/room_control.h"
#include "net/timer.h"
#include "xmpp/muc_room.h"

namespace cloister::focus::signalling {

class RoomHost final : public RoomControl, private xmpp::MucRoom::Listener, private room::Room::Port {
public:
  struct Listener {
    virtual ~Listener() = default;
    virtual void on_room_open(const xmpp::Jid& room) = 0;
    // Before the conference hears of it.
    virtual void on_occupant(const xmpp::Jid& room, const xmpp::MucPresence& presence) = 0;
    // It has ended, or could not be entered. The host is destroyed later, not from inside this call.
    virtual void on_room_over(const xmpp::Jid& room) = 0;
    // A host changed what people may do there.
    virtual void on_policy(const xmpp::Jid& room) = 0;
    // Those from whose addresses a meeting was stormed.
    virtual void on_stormed(std::vector<Personal<std::string>> addresses) = 0;
    // Whether no other live conference has this meeting id.
    virtual bool is_free(const MeetingId& meeting) = 0;
  };
  // How often entering is tried. The echo of an earlier leaving can look like a refusal.
  static constexpr int kJoinTries = 3;

  // `main_room`: of a breakout room.
  RoomHost(net::Reactor& reactor, xmpp::Session& session, const room::Room::Environment& environment,
           xmpp::Jid room, room::RequestProperties properties, Listener& listener,
           std::optional<xmpp::Jid> main_room = {});

  void on_request();
  room::Calls::Answer on_jingle(const EndpointId& from, const xmpp::jingle::Jingle& jingle);
  room::Calls::Answer on_mute(const EndpointId& from, const xmpp::Mute& mute);
  void on_crowd(const xmpp::Crowd& crowd);
  void adopt(const rights::Policy& policy) { room_.adopt(policy); }
  void on_bridge_available();
  void on_bridge_lost(const xmpp::Jid& bridge);
  bool move_off(const xmpp::Jid& bridge);
  std::size_t size() const { return room_.size(); }
  void stop();

  // A host asks for this meeting: whether it is host here too.
  bool claim(const rights::Account& account) { return room_.claim(account); }
  // Makes this bare address an owner of the room. `done` when it is, or cannot be.
  void appoint(const xmpp::Jid& bare, std::function<void()> done);

  // Of services
  void restrain(const std::map<EndpointId, room::MaySend>& members) override;
  void ask_to_mute(const EndpointId& member, xmpp::Mute::What what) override;
  void set_start_muted(const room::PerKind& kinds) override;
  room::Calls::Answer change_policy(const EndpointId& by,
                                    const std::map<std::string, bool>& switches) override;
  const rights::Policy& policy() const override { return room_.policy(); }
  void keep(room::Kept kept) override;
  void destroy(std::string reason, std::optional<xmpp::Jid> alternative) override;

  const std::optional<xmpp::Jid>& main_room() const { return main_room_; }
  bool is_open() const { return room_.is_open(); }
  bool is_over() const { return over_; }
  const MeetingId& meeting() const { return meeting_; }

private:
  // Of the room at the server
  void on_joined(const xmpp::MucPresence& self) override;
  void on_join_failed(const xmpp::StanzaError& error) override;
  void on_occupant(const xmpp::MucPresence& presence) override;
  void on_self(const xmpp::MucPresence& self) override;
  void on_removed(const xmpp::MucPresence& self) override;
  void join();
  void on_configuration(const xmpp::DataForm& form);

  // Of the room's decisions
  void discover(const EndpointId& client, room::RequestId request) override;
  void send(const EndpointId& client, const xmpp::jingle::Jingle& jingle) override;
  void modify(const xmpp::Jid& bridge, const xmpp::colibri2::ConferenceModify& modify,
              room::RequestId request) override;
  void publish(const xmpp::MucSelfPresence& presence) override;
  void grant_owner(const EndpointId& member, const xmpp::Jid& bare) override;
  void send_mute(const EndpointId& member, const xmpp::Mute& mute) override;
  void on_over() override;

  xmpp::Jid occupant(const EndpointId& client) const { return jid_.with_resource(client.expose()); }
  // Runs `step` unless this host is gone by then, and looks at the clock afterwards.
  template <class... Args, class Step>
  auto later(Step step) {
    return [this, alive = std::weak_ptr(alive_), step = std::move(step)](Args... args) {
      if (alive.expired()) return;
      step(std::forward<Args>(args)...);
      if (!alive.expired()) arm();
    };
  }
  void arm();

  net::Reactor& reactor_;
  xmpp::Session& session_;
  xmpp::Jid jid_;
  const Clock& clock_;
  Listener& listener_;
  const std::optional<xmpp::Jid> main_room_;
  const bool begins_with_lobby_;  // by the request that opens it: who waits for the host does not slip in
  std::shared_ptr<char> alive_ = std::make_shared<char>();
  net::Timer timer_;
  room::Room room_;
  std::unique_ptr<xmpp::MucRoom> muc_;
  MeetingId meeting_;
  std::set<xmpp::Jid> appointed_;
  const rights::CrowdSettings& crowd_settings_;
  int joins_ = 0;
  bool over_ = false;
};

}  // namespace cloister::focus::signalling
