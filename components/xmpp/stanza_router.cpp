#include "xmpp/stanza_router.h"

#include "base/assert.h"

namespace cloister::xmpp {

Responder::~Responder() {
  if (send_) fail(StanzaError{.condition = ErrorCondition::internal_server_error});
}

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    if (send_) fail(StanzaError{.condition = ErrorCondition::internal_server_error});
    send_ = std::exchange(other.send_, nullptr);
  }
  return *this;
}

void Responder::reply(const IqAnswer& answer) {
  ASSERT(send_);
  std::exchange(send_, nullptr)(answer);
}

void Responder::fail(StanzaError error) {
  ASSERT(send_);
  std::exchange(send_, nullptr)(cloister::fail(std::move(error)));
}

void StanzaRouter::on_room(const Jid& room, std::function<void(const MucPresence&)> handler) {
  rooms_[room.bare()] = std::make_shared<const std::function<void(const MucPresence&)>>(std::move(handler));
}

void StanzaRouter::forget_room(const Jid& room) { rooms_.erase(room.bare()); }

void StanzaRouter::deliver(Iq<IqRequest> iq, Responder responder) {
  const IqHandler handler = handlers_[iq.payload.index()];  // a copy: it may be replaced while it runs
  if (!handler) return responder.fail({.condition = ErrorCondition::service_unavailable});
  handler(std::move(iq), std::move(responder));
}

void StanzaRouter::deliver(const ServiceMessage& message) {
  if (const auto handler = service_) handler(message);
}

void StanzaRouter::deliver(const MucPresence& presence) {
  const auto found = rooms_.find(presence.occupant.bare());
  if (found == rooms_.end()) return;
  const auto handler = found->second;  // kept alive: it may forget its room
  (*handler)(presence);
}

}  // namespace cloister::xmpp
