#include "videobridge/signalling/brewery.h"

#include "base/log.h"

namespace cloister::videobridge::signalling {

Brewery::Brewery(net::Reactor& reactor, xmpp::Session& session, xmpp::Jid occupant,
                 std::function<Stats()> stats)
    : reactor_(reactor),
      session_(session),
      occupant_(std::move(occupant)),
      stats_(std::move(stats)),
      timer_(reactor) {}

void Brewery::on_online() {
  room_ = std::make_unique<xmpp::MucRoom>(reactor_, session_, occupant_, *this);
  room_->join(content());
}

void Brewery::on_offline() {
  timer_.cancel();
  room_.reset();
}

void Brewery::publish() {
  if (inside()) publish_and_repeat();
}

void Brewery::leave() {
  timer_.cancel();
  if (room_) room_->leave();
}

void Brewery::on_joined(const xmpp::MucPresence&) {
  log::info("joined the brewery");
  publish_and_repeat();
}

void Brewery::on_join_failed(const xmpp::StanzaError&) { rejoin_later(); }

void Brewery::on_removed(const xmpp::MucPresence&) {
  log::warning("removed from the brewery, joining again");
  rejoin_later();
}

void Brewery::rejoin_later() {
  timer_.start(kRejoinDelay, [this] { on_online(); });
}

void Brewery::publish_and_repeat() {
  room_->publish(content());
  timer_.start(kPresenceInterval, [this] { publish_and_repeat(); });
}

xmpp::MucSelfPresence Brewery::content() const { return {.stats = stats_()}; }

}  // namespace cloister::videobridge::signalling
