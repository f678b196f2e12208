// The breakout rooms of one meeting: who leads makes, names and removes them and sends people there;
// everybody is told who is where (protocol/focus.md §1.6). Focus thread; owns no timer. Values in, decisions
// out through the Port.
//
// A room exists here from its making on; at the server only once somebody has asked for it.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "base/clock.h"
#include "focus/room/kept.h"
#include "focus/services/answer.h"
#include "focus/services/roster.h"
#include "xmpp/service_messages.h"

namespace cloister::focus::services {

class BreakoutRooms {
public:
  static constexpr std::size_t kMost = 50;
  static constexpr std::size_t kLongestName = 400;       // bytes; the rest is cut off by refusing it
  static constexpr Duration kBroadcastInterval = 300ms;  // state goes out at most this often
  static constexpr Duration kEmptyLife = 5s;             // nobody is anywhere: then all rooms go

  struct Room {
    Personal<std::string> name{};
    Roster people{};
  };
  struct Port {
    virtual ~Port() = default;
    // Tell everybody, in the main and in all breakout rooms.
    virtual void broadcast(const BreakoutRooms& rooms) = 0;
    virtual void send_to_room(const xmpp::Jid& person, const xmpp::Jid& room) = 0;
    // It is no room of this meeting any more; who is in goes back to the main one.
    virtual void destroy(const xmpp::Jid& room) = 0;
    virtual void keep_main(room::Kept kept) = 0;
  };

  // `main`: who is in the main room; `domain`: where breakout rooms are.
  BreakoutRooms(xmpp::Jid main_room, const Roster& main, std::string domain, const Clock& clock, Port& port);

  // Refused: forbidden (may not), not-acceptable (a name too long), resource-constraint (too many rooms),
  // item-not-found (no such room or person).
  Answer on_command(const Person& from, const xmpp::BreakoutCommand& command);
  // Somebody came to, left or changed in the main room, whose roster has changed already.
  void on_main_changed();
  // Presence in one of the rooms.
  Roster::Update on_occupant(const xmpp::Jid& room, const xmpp::MucPresence& presence);
  // The main meeting is over: all rooms go with it.
  void end();

  const std::map<xmpp::Jid, Room>& rooms() const { return rooms_; }
  bool has(const xmpp::Jid& room) const { return rooms_.contains(room); }
  const xmpp::Jid& main_room() const { return main_room_; }
  const Roster& main() const { return main_; }
  std::uint32_t counter() const { return counter_; }  // of rooms made so far
  // Somebody in any of the rooms.
  const Person* find(const std::function<const Person*(const Roster&)>& look) const;

  std::optional<TimePoint> next_wakeup() const { return earlier(broadcast_at_, destroy_at_); }
  void on_wakeup();

private:
  Answer add(const xmpp::BreakoutCommand& command);
  Answer remove(const xmpp::BreakoutCommand& command);
  Answer rename(const xmpp::BreakoutCommand& command);
  Answer move(const xmpp::BreakoutCommand& command);
  std::map<xmpp::Jid, Room>::iterator find_room(const std::optional<xmpp::Jid>& room);
  bool nobody_anywhere() const;
  room::Kept kept() const;
  void keep_main();
  void changed();

  const xmpp::Jid main_room_;
  const Roster& main_;
  const std::string domain_;
  const Clock& clock_;
  Port& port_;
  std::map<xmpp::Jid, Room> rooms_;
  std::uint32_t counter_ = 0;
  room::Kept kept_ = room::Kept::no;  // as the main room was told
  std::optional<TimePoint> broadcast_at_;
  std::optional<TimePoint> destroy_at_;
};

}  // namespace cloister::focus::services
