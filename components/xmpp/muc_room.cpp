#include "xmpp/muc_room.h"

#include <utility>

#include "base/assert.h"

namespace cloister::xmpp {

MucRoom::MucRoom(net::Reactor& reactor, Session& session, Jid occupant, Listener& listener)
    : session_(session),
      occupant_(std::move(occupant)),
      room_(occupant_.bare()),
      listener_(listener),
      join_timer_(reactor) {}

MucRoom::~MucRoom() { leave(); }

void MucRoom::join(MucSelfPresence content, std::optional<Personal<std::string>> password) {
  ASSERT(state_ == State::fresh);
  state_ = State::joining;
  content_ = std::move(content);
  session_.router().on_room(room_, [this](const MucPresence& presence) { on_presence(presence); });
  const bool online = session_.online();
  const auto origin = online ? StanzaError::Origin::timeout : StanzaError::Origin::offline;
  join_timer_.start(online ? kJoinTimeout : Duration(0), [this, origin] { fail_join({.origin = origin}); });
  if (online) session_.send_join(occupant_, content_, password);
}

void MucRoom::publish(MucSelfPresence content) {
  content_ = std::move(content);
  if (state_ == State::inside) {
    session_.send_presence(occupant_, content_);
  } else {
    content_changed_ = true;
  }
}

void MucRoom::leave() {
  if (state_ == State::joining || state_ == State::inside) {
    session_.send_leave(occupant_);
    session_.router().forget_room(room_);
    join_timer_.cancel();
  }
  state_ = State::gone;
}

void MucRoom::on_presence(const MucPresence& presence) {
  if (presence.is_self() || presence.occupant == occupant_) return on_own_presence(presence);
  listener_.on_occupant(presence);
}

void MucRoom::on_own_presence(const MucPresence& presence) {
  if (presence.error) {
    if (state_ == State::joining) fail_join(*presence.error);
    return;
  }
  if (!presence.available) {
    if (state_ == State::joining) return fail_join({.condition = ErrorCondition::forbidden});
    state_ = State::gone;
    session_.router().forget_room(room_);
    return listener_.on_removed(presence);
  }
  if (state_ == State::inside) return listener_.on_self(presence);
  state_ = State::inside;
  occupant_ = presence.occupant;  // the service may have given us another nick (status 210)
  join_timer_.cancel();
  if (std::exchange(content_changed_, false)) session_.send_presence(occupant_, content_);
  listener_.on_joined(presence);
}

void MucRoom::fail_join(const StanzaError& error) {
  state_ = State::gone;
  join_timer_.cancel();
  session_.router().forget_room(room_);
  const StanzaError kept = error;  // the presence that holds it may go with us
  listener_.on_join_failed(kept);
}

void MucRoom::fetch_configuration(std::function<void(Result<DataForm, StanzaError>)> done) {
  session_.ask_for<MucOwnerForm>(room_, MucOwnerQuery{},
                                 [done = std::move(done)](Result<MucOwnerForm, StanzaError> answer) {
                                   if (!answer) return done(fail(std::move(answer.error())));
                                   done(std::move(answer->form));
                                 });
}

void MucRoom::submit_configuration(const DataForm& form,
                                   std::function<void(Result<Empty, StanzaError>)> done) {
  session_.ask_for<Empty>(room_, MucOwnerSubmit{.form = form.submission()}, std::move(done));
}

void MucRoom::destroy(std::string reason, std::optional<Jid> alternative) {
  session_.ask(room_, MucDestroy{.reason = std::move(reason), .alternative = std::move(alternative)},
               [](const Session::Answer&) {});
}

void MucRoom::grant(const Jid& bare_real_jid, Affiliation affiliation,
                    std::function<void(Result<Empty, StanzaError>)> done) {
  session_.ask_for<Empty>(room_, MucAdmin{.affiliation = affiliation, .jid = bare_real_jid}, std::move(done));
}

}  // namespace cloister::xmpp
