// Our occupancy of one room: join, publish, configure, leave. Reactor thread. Its owner destroys it when the
// session goes offline, and may destroy it from within any callback.
//
//   new ──join()──▶ joining ──self-presence──▶ inside ──leave(), kicked, destroyed──▶ gone
//                      └──refused, 15 s──▶ gone
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "net/timer.h"
#include "xmpp/session.h"

namespace cloister::xmpp {

class MucRoom {
public:
  struct Listener {
    virtual ~Listener() = default;
    // Our own presence came back: we are in. Presences of those who were there before have been delivered.
    virtual void on_joined(const MucPresence& self) = 0;
    virtual void on_join_failed(const StanzaError& error) = 0;
    // Of everybody else, before and after on_joined().
    virtual void on_occupant(const MucPresence& presence) = 0;
    // Our own presence changed while inside (affiliation, role).
    virtual void on_self(const MucPresence& self) = 0;
    // We are out: kicked, banned, room destroyed (see the presence). Not after leave().
    virtual void on_removed(const MucPresence& self) = 0;
  };

  static constexpr Duration kJoinTimeout = 15s;

  MucRoom(net::Reactor& reactor, Session& session, Jid occupant, Listener& listener);
  ~MucRoom();  // leaves, when still in
  MucRoom(const MucRoom&) = delete;
  MucRoom& operator=(const MucRoom&) = delete;

  void join(MucSelfPresence content, std::optional<Personal<std::string>> password = std::nullopt);
  // Before on_joined() this is kept and sent then.
  void publish(MucSelfPresence content);
  void leave();

  bool inside() const { return state_ == State::inside; }
  const Jid& occupant() const { return occupant_; }  // room/nick
  const Jid& room() const { return room_; }

  // The answers to these may come after this object is gone: what `done` holds must live on.
  // The owner's view of the configuration, whole.
  void fetch_configuration(std::function<void(Result<DataForm, StanzaError>)> done);
  // Submits all fields of `form` (as fetched, with changes).
  void submit_configuration(const DataForm& form, std::function<void(Result<Empty, StanzaError>)> done);
  // Ends the room for all who are in it. We are told by on_removed().
  void destroy(std::string reason, std::optional<Jid> alternative);
  void grant(const Jid& bare_real_jid, Affiliation affiliation,
             std::function<void(Result<Empty, StanzaError>)> done);

private:
  enum class State : std::uint8_t { fresh, joining, inside, gone };
  void on_presence(const MucPresence& presence);
  void on_own_presence(const MucPresence& presence);
  void fail_join(const StanzaError& error);

  Session& session_;
  Jid occupant_;
  Jid room_;
  Listener& listener_;
  MucSelfPresence content_;
  bool content_changed_ = false;
  State state_ = State::fresh;
  net::Timer join_timer_;
};

}  // namespace cloister::xmpp
