// Between a conference and the services beside it: what services may do with it, and what they hear of it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "focus/room/room.h"

namespace cloister::focus::signalling {

// RoomHost does it.
struct RoomControl {
  virtual ~RoomControl() = default;
  virtual void restrain(const std::map<EndpointId, room::MaySend>& members) = 0;
  virtual void ask_to_mute(const EndpointId& member, xmpp::Mute::What what) = 0;
  virtual void set_start_muted(const room::PerKind& kinds) = 0;
  virtual room::Calls::Answer change_policy(const EndpointId& by,
                                            const std::map<std::string, bool>& switches) = 0;
  virtual const rights::Policy& policy() const = 0;
  // See room::Room::keep().
  virtual void keep(room::Kept kept) = 0;
  // Ends the room at the server, for everybody; those who were in are told where to go instead.
  virtual void destroy(std::string reason, std::optional<xmpp::Jid> alternative) = 0;
};

struct RoomWatcher {
  virtual ~RoomWatcher() = default;
  // A conference begins; `control` lives until on_room_over() or on_all_dropped().
  virtual void on_room(const xmpp::Jid& room, RoomControl& control) = 0;
  // We are in, and it is configured.
  virtual void on_room_open(const xmpp::Jid& room) = 0;
  // Before the conference itself hears of it.
  virtual void on_occupant(const xmpp::Jid& room, const xmpp::MucPresence& presence) = 0;
  virtual void on_room_over(const xmpp::Jid& room) = 0;
  virtual void on_all_dropped() = 0;
  // The meeting that a breakout room belongs to; nothing: it is no such room, or not of now.
  virtual std::optional<xmpp::Jid> main_room_of(const xmpp::Jid& room) const = 0;
};

}  // namespace cloister::focus::signalling
