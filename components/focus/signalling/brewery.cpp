#include "focus/signalling/brewery.h"

#include <algorithm>

namespace cloister::focus::signalling {
namespace {

bridges::Health health_of(const Result<xmpp::Empty, xmpp::StanzaError>& answer) {
  using xmpp::ErrorCondition;
  using Origin = xmpp::StanzaError::Origin;
  if (answer) return bridges::Health::good;
  if (answer.error().origin == Origin::timeout) return bridges::Health::silent;
  if (answer.error().origin != Origin::peer) return bridges::Health::unclear;
  const ErrorCondition condition = answer.error().condition;
  return condition == ErrorCondition::internal_server_error ||
                 condition == ErrorCondition::service_unavailable
             ? bridges::Health::bad
             : bridges::Health::unclear;
}

}  // namespace

Brewery::Brewery(net::Reactor& reactor, xmpp::Session& session, xmpp::Jid room, const Clock& clock,
                 Listener& listener, bridges::BridgeSettings settings)
    : reactor_(reactor),
      session_(session),
      room_(std::move(room)),
      clock_(clock),
      listener_(listener),
      bridges_(clock, *this, std::move(settings)),
      retry_(reactor),
      wakeup_(reactor) {}

void Brewery::join() {
  xmpp::MucRoom::Listener& listener = *this;
  muc_ = std::make_unique<xmpp::MucRoom>(reactor_, session_, room_.with_resource("focus"), listener);
  muc_->join({});
}

void Brewery::on_offline() {
  muc_.reset();
  bridges_.clear();
  retry_.cancel();
  wakeup_.cancel();
}

void Brewery::leave() {
  if (muc_) muc_->leave();
  wakeup_.cancel();
}

void Brewery::on_joined(const xmpp::MucPresence&) { arm(); }

void Brewery::on_join_failed(const xmpp::StanzaError&) {
  retry_.start(kJoinRetry, [this] { join(); });
}

void Brewery::on_removed(const xmpp::MucPresence&) {
  // The conferences run on; what happens to the bridges is known again when we are back.
  bridges_.clear();
  retry_.start(kJoinRetry, [this] { join(); });
}

void Brewery::on_occupant(const xmpp::MucPresence& presence) {
  if (presence.error) return;
  bridges_.on_presence(presence);
  arm();
}

void Brewery::check_health(const xmpp::Jid& bridge) {
  session_.ask_for<xmpp::Empty>(
      bridge, xmpp::HealthCheck{},
      [this, alive = std::weak_ptr(alive_), bridge](const Result<xmpp::Empty, xmpp::StanzaError>& answer) {
        if (alive.expired()) return;
        bridges_.on_health(bridge, health_of(answer));
        arm();
      });
}

void Brewery::arm() {
  const auto wakeup = bridges_.next_wakeup();
  if (!wakeup) return wakeup_.cancel();
  wakeup_.start(std::max<Duration>(*wakeup - clock_.now(), Duration(0)), [this] {
    bridges_.on_wakeup();
    arm();
  });
}

}  // namespace cloister::focus::signalling
