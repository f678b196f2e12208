// The services beside the rooms, as the server's components (XEP-0114): AV moderation, end of the conference,
// room metadata, speaker statistics, polls, breakout rooms. Brings each message to the room that its sender
// is in. A message says little of that, so who is where is known from presence; one room at a time counts,
// the latest. Focus thread.
//
// Breakout rooms are the exception: their address is a room service of Prosody's, whose module
// (mod_cloister_breakout) hands the messages to the focus's own component and takes ours from there.
#pragma once

#include <array>
#include <list>
#include <map>
#include <memory>
#include <unordered_map>

#include "focus/signalling/room_services.h"
#include "net/timer.h"
#include "xmpp/session.h"

namespace cloister::focus::signalling {

class Services final : public RoomWatcher, private RoomServices::Port {
public:
  // Presence comes by one connection, messages by others: who may not do something is judged again after
  // `patience`, when the news that they entered or lead now may have come.
  static constexpr Duration kPatience = 100ms;
  static constexpr std::size_t kMostWaiting = 1000;

  Services(net::Reactor& reactor, const Clock& clock, Duration patience = kPatience)
      : reactor_(reactor), clock_(clock), patience_(patience) {}

  // `session` is the component at whose address the service is found. Not more than once a kind.
  void add(ServiceKind kind, xmpp::Session& session);
  // `focus`: the component that answers conference requests; `domain`: of the breakout rooms.
  void add_breakout_rooms(xmpp::Session& focus, std::string domain);

  void on_room(const xmpp::Jid& room, RoomControl& control) override;
  void on_room_open(const xmpp::Jid& room) override;
  void on_occupant(const xmpp::Jid& room, const xmpp::MucPresence& presence) override;
  void on_room_over(const xmpp::Jid& room) override;
  void on_all_dropped() override;
  std::optional<xmpp::Jid> main_room_of(const xmpp::Jid& room) const override;

private:
  // A message that is judged again; in the order of their coming.
  struct Waiting {
    ServiceKind kind;
    xmpp::Jid from;
    xmpp::ServiceMessage message;
    net::Timer timer;
  };

  void on_message(ServiceKind kind, const xmpp::Jid& from, const xmpp::ServiceMessage& message);
  bool is_waiting(const xmpp::Jid& from) const;
  void wait(ServiceKind kind, const xmpp::Jid& from, const xmpp::ServiceMessage& message);
  void judge_first_waiting();
  services::Answer dispatch(ServiceKind kind, const xmpp::Jid& from, const xmpp::ServiceContent& content);

  void say(ServiceKind as, const xmpp::Jid& to, const xmpp::Jid& room,
           const Personal<std::string>& json) override;
  RoomServices* find(const xmpp::Jid& room) override;

  net::Reactor& reactor_;
  const Clock& clock_;
  const Duration patience_;
  std::list<Waiting> waiting_;
  std::array<xmpp::Session*, kServices> sessions_{};  // by kind; null: off
  xmpp::Jid breakout_;                                // empty: off
  std::map<xmpp::Jid, std::unique_ptr<RoomServices>> rooms_;
  std::unordered_map<xmpp::Jid, xmpp::Jid> whereabouts_;  // real address → room
};

}  // namespace cloister::focus::signalling
