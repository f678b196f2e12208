// Calls, the part that deals with the bridge: which one, what it is asked, what its answers and failures
// mean (protocol/focus.md §5).
#include <algorithm>

#include "base/log.h"
#include "focus/room/calls.h"

namespace cloister::focus::room {

namespace colibri2 = xmpp::colibri2;

namespace {

// All that anybody may be offered.
std::vector<colibri2::Media> relayed_media(const OfferSettings& offer) {
  return offered_media({.rtx = true, .transport_cc = true, .opus_red = true}, offer);
}

}  // namespace

// Which one

// A bridge for this call; or none, and the call waits for one. When a bridge of the conference works no
// longer but another one does, everybody on it moves there, this call included, and it is none as well.
BridgeSession* Calls::ensure_bridge(Call& call) {
  bridges::Wish wish{.region = call.caller.region};
  BridgeSession* broken = nullptr;
  for (const auto& session : sessions_) {
    if (bridges_.usable(session->bridge()))
      wish.used.push_back({.bridge = session->bridge(), .participants = session->size()});
    else
      broken = session.get();
  }
  const auto chosen = bridges_.select(wish);
  set_no_bridge(!chosen);
  if (!chosen || broken) {
    call.move(CallEvent::ended);
    if (chosen) leave_bridge(*broken, "their bridge had failed");
    return nullptr;
  }
  if (BridgeSession* const known = find_session_on(*chosen)) return known;
  sessions_.push_back(std::make_unique<BridgeSession>(*chosen, conference_, bridges_.relay_id_of(*chosen)));
  on_bridge_state_();
  return sessions_.back().get();
}

BridgeSession* Calls::find_session(const std::string& id) const {
  const auto found =
      std::ranges::find_if(sessions_, [&](const auto& session) { return session->id() == id; });
  return found == sessions_.end() ? nullptr : found->get();
}

BridgeSession* Calls::find_session_on(const xmpp::Jid& bridge) const {
  const auto found =
      std::ranges::find_if(sessions_, [&](const auto& session) { return session->bridge() == bridge; });
  return found == sessions_.end() ? nullptr : found->get();
}

// Behind the request that makes the conference there: the order is kept.
void Calls::join_bridges(const BridgeSession& session, const EndpointId& newcomer) {
  if (session.relay_id().empty()) return;
  relays_.add(session.relay_id(), relayed_media(settings_.offer));
  relays_.set(session.relay_id(), newcomer, {});
}

RequestId Calls::ask(const std::string& bridge, const Relays::Request& request) {
  const auto session =
      std::ranges::find_if(sessions_, [&](const auto& one) { return one->relay_id() == bridge; });
  if (session != sessions_.end()) ask_bridge(**session, request, Pending::Kind::relay, {});
  return last_request_;
}

void Calls::leave_bridge(BridgeSession& session, const char* why) {
  std::size_t moved = 0;
  counters_.bridges_removed.add();
  const std::string left = session.id();
  const TellOthers tell =
      sessions_.size() > 1 ? TellOthers::yes : TellOthers::no;  // nobody is left to be told
  for (auto& [id, call] : calls_) {
    if (call.session != left) continue;
    ++moved;
    terminate(call, "success", "moving");
    end(call, tell);
  }
  counters_.participants_moved.add(moved);
  log::info("{} calls of a meeting move: {}", moved, why);
  drop_session(session);
  invite_idle();
}

void Calls::drop_session(BridgeSession& session) {
  // In case it still listens: another conference under the same id would be refused.
  ask_bridge(session, session.expire_all(), Pending::Kind::expire, {});
  forget_session(session);
}

void Calls::forget_session(const BridgeSession& session) {
  const std::string relay = session.relay_id();
  std::erase_if(sessions_, [&](const auto& one) { return one.get() == &session; });
  relays_.remove(relay);
  if (sessions_.empty()) sources_.set_feedback({});
  on_bridge_state_();
}

void Calls::set_no_bridge(bool none) {
  if (none) counters_.no_bridge.add();
  if (std::exchange(no_bridge_, none) != none) on_bridge_state_();
}

void Calls::on_bridge_available() {
  if (sessions_.empty())
    for (auto& [id, call] : calls_) call.given_up = false;
  invite_idle();
}

void Calls::on_bridge_lost(const xmpp::Jid& bridge) {
  if (BridgeSession* const session = find_session_on(bridge)) leave_bridge(*session, "their bridge was lost");
}

bool Calls::move_off(const xmpp::Jid& bridge) {
  BridgeSession* const session = find_session_on(bridge);
  if (!session) return false;
  const auto better = bridges_.select({});
  if (!better || *better == bridge) return false;
  leave_bridge(*session, "their bridge is to carry less");
  return true;
}

// What it is asked

void Calls::ask_bridge(const BridgeSession& session, const colibri2::ConferenceModify& modify,
                       Pending::Kind kind, const EndpointId& of) {
  pending_.emplace(++last_request_, Pending{kind, of, session.id()});
  port_.modify(session.bridge(), modify, last_request_);
}

void Calls::update_bridge(const Call& call, Update update) {
  const BridgeSession& session = *find_session(call.session);
  if (update.sources) relays_.set(session.relay_id(), call.caller.id, media_sources(*update.sources));
  ask_bridge(session, session.update(call.caller.id, std::move(update)), Pending::Kind::update,
             call.caller.id);
}

void Calls::force_mute(const ForceMutes& members) {
  std::map<std::string, ForceMutes> changed;  // by session
  for (const auto& [id, mute] : members) {
    if (std::exchange(force_mutes_[id], mute) == mute) continue;
    const Call* const call = find(id);
    if (call && (call->allocation || call->has_session())) changed[call->session].emplace(id, mute);
  }
  for (const auto& [id, mutes] : changed)
    if (const BridgeSession* const session = find_session(id))
      ask_bridge(*session, session->force_mute(mutes), Pending::Kind::update, mutes.begin()->first);
}

// What it answers

void Calls::on_bridge_answer(RequestId request, const BridgeAnswer& answer) {
  const auto found = pending_.find(request);
  if (found == pending_.end()) return;
  const Pending of = std::move(found->second);
  pending_.erase(found);
  // Of an earlier session, or nothing that could go wrong any more (checklist 152).
  BridgeSession* const session = find_session(of.session);
  if (!session || of.kind == Pending::Kind::expire) return;
  if (!answer) return on_bridge_failure(*session, of, answer.error());
  if (of.kind == Pending::Kind::relay) return relays_.on_answer(session->relay_id(), request, *answer);
  Call* const call = find(of.endpoint);
  if (call && call->allocation == request) return on_allocated(*call, *answer);
  if (call && call->ice_restart == request) on_ice_restarted(*call, *answer);
}

void Calls::on_allocated(Call& call, const colibri2::ConferenceModified& answer) {
  if (!sources_.has(kFeedbackOwner)) sources_.set_feedback(feedback_sources(answer.sources));
  const auto endpoint = std::ranges::find(answer.endpoints, call.caller.id, &colibri2::EndpointAnswer::id);
  const bool data = call.features->data;
  if (endpoint == answer.endpoints.end() || !endpoint->transport || !endpoint->transport->ice ||
      (data && !(endpoint->transport->sctp && endpoint->transport->sctp->port))) {
    call.given_up = true;
    return end_and_expire(call, TellOthers::no);
  }
  offer(call, *endpoint->transport->ice, data ? *endpoint->transport->sctp->port : std::uint16_t{0});
}

void Calls::on_bridge_failure(BridgeSession& session, const Pending& of, const xmpp::StanzaError& error) {
  const bool allocation = of.kind == Pending::Kind::allocate;
  const BridgeFailure failure = allocation ? allocation_failure(error) : update_failure(error);
  // One that cannot be joined to the others would be chosen again at once.
  const bool unjoinable = of.kind == Pending::Kind::relay && failure.consequence == Consequence::leave_bridge;
  if (failure.mark == BridgeMark::failed || unjoinable) bridges_.mark_failed(session.bridge());
  if (failure.mark == BridgeMark::graceful) bridges_.mark_graceful(session.bridge());
  switch (failure.consequence) {
    case Consequence::ignore: return;
    case Consequence::leave_bridge:
      return leave_bridge(
          session, allocation ? "their bridge refused a participant" : "their bridge refused a change");
    case Consequence::give_up:
      if (Call* const call = find(of.endpoint); call && call->state == CallState::allocating) {
        call->given_up = true;
        end_and_expire(*call, TellOthers::no);
      }
      return;
    case Consequence::reinvite_endpoint:
      if (Call* const call = find(*error.colibri->endpoint); call && call->has_session()) {
        counters_.participants_moved.add();
        reinvite_moved(*call);
      }
      return;
  }
}

}  // namespace cloister::focus::room
