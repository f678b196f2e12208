#include "focus/room/calls.h"

#include <algorithm>
#include <vector>

#include "base/random.h"

namespace cloister::focus::room {

namespace jingle = xmpp::jingle;
namespace colibri2 = xmpp::colibri2;

Calls::Calls(const ConferenceIdentity& conference, const RoomSettings& settings, bridges::BridgeList& bridges,
             const Clock& clock, Counters& counters, Port& port, std::function<void()> on_bridge_state)
    : conference_(conference),
      settings_(settings),
      bridges_(bridges),
      clock_(clock),
      counters_(counters),
      port_(port),
      on_bridge_state_(std::move(on_bridge_state)),
      sources_({.sources = settings.max_sources, .groups = settings.max_source_groups}) {}

Call* Calls::find(const EndpointId& client) {
  const auto found = calls_.find(client);
  return found == calls_.end() ? nullptr : &found->second;
}

// Membership

void Calls::add(Caller caller, std::optional<Features> features) {
  EndpointId id = caller.id;
  Call& call = calls_.emplace(std::move(id), Call{.caller = std::move(caller)}).first->second;
  if (features) {
    call.features = features;
  } else {
    // Asked before there is anybody to talk to, so that the invitation need not wait.
    call.discovery = ++last_request_;
    port_.discover(call.caller.id, *call.discovery);
  }
}

void Calls::remove(const EndpointId& client) {
  force_mutes_.erase(client);
  Call* const call = find(client);
  if (!call) return;
  end_and_expire(*call, TellOthers::no);  // the others learn it from presence (checklist 130)
  calls_.erase(client);
  for (auto& [id, other] : calls_) other.changes.forget(client.expose());
}

void Calls::set_inviting(bool inviting) {
  inviting_ = inviting;
  invite_idle();
}

void Calls::force_mute(const ForceMutes& members) {
  ForceMutes changed;
  for (const auto& [id, mute] : members) {
    if (std::exchange(force_mutes_[id], mute) == mute) continue;
    const Call* const call = find(id);
    if (call && (call->allocation || call->has_session())) changed.emplace(id, mute);
  }
  if (!changed.empty() && session_)
    ask_bridge(session_->force_mute(changed), Pending::Kind::update, changed.begin()->first);
}

void Calls::expire_all() {
  for (auto& [id, call] : calls_) {
    terminate(call, "expired", "Idle session timeout");
    end(call, TellOthers::no);
  }
  drop_session();
}

void Calls::stop() {
  inviting_ = false;
  for (auto& [id, call] : calls_) end(call, TellOthers::no);
  drop_session();
}

bool Calls::any() const {
  return std::ranges::any_of(calls_, [](const auto& entry) { return entry.second.state != CallState::idle; });
}

// Invitations

void Calls::invite_idle() {
  if (!inviting_) return;
  // allocate() may end and invite calls again, but adds and removes none.
  for (auto& [id, call] : calls_)
    if (call.state == CallState::idle && !call.given_up && !call.retry_at) invite(call);
}

void Calls::invite(Call& call) {
  const TimePoint now = clock_.now();
  if (!bridges_.select({})) return set_no_bridge(true);
  if (!call.invitations.take(now)) {
    call.retry_at = call.invitations.next(now);
    return;
  }
  call.retry_at.reset();
  if (!call.move(CallEvent::invited)) return;
  counters_.invitations.add();
  if (call.features) allocate(call);
}

void Calls::on_features(RequestId request, std::optional<Features> features) {
  for (auto& [id, call] : calls_) {
    if (call.discovery != request) continue;
    call.discovery.reset();
    call.features = features.value_or(Features{});
    if (call.state == CallState::discovering) allocate(call);
    return;
  }
}

void Calls::allocate(Call& call) {
  if (!ensure_bridge(call)) return;
  call.move(CallEvent::features_known);
  const Features& features = *call.features;
  call.view = {.audio = features.audio,
               .video = features.video,
               .ssrc_rewriting = features.ssrc_rewriting && settings_.ssrc_rewriting,
               .strip_simulcast = settings_.strip_simulcast};
  call.json_sources = features.json_sources && settings_.json_sources;
  const auto request = session_->allocate({.endpoint = call.caller.id,
                                           .stats_id = call.caller.stats_id,
                                           .media = offered_media(features, settings_.offer),
                                           .data = features.data,
                                           .ssrc_rewriting = call.view.ssrc_rewriting,
                                           .force_mute = force_mutes_[call.caller.id]});
  bridges_.on_endpoint_added(session_->bridge());
  ask_bridge(request, Pending::Kind::allocate, call.caller.id);
  call.allocation = last_request_;
}

// A bridge for this call; or none, and the call waits for one. When the conference's bridge works no longer
// but another one does, everybody moves there, this call included, and it is false as well.
bool Calls::ensure_bridge(Call& call) {
  const bool works = session_ && bridges_.usable(session_->bridge());
  const auto chosen = bridges_.select(
      {.region = call.caller.region, .current = works ? std::optional(session_->bridge()) : std::nullopt});
  set_no_bridge(!chosen);
  if (works) return true;
  if (!chosen || session_) {
    call.move(CallEvent::ended);
    if (chosen) leave_bridge();
    return false;
  }
  session_ = std::make_unique<BridgeSession>(*chosen, conference_);
  on_bridge_state_();
  return true;
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

void Calls::offer(Call& call, const xmpp::IceUdpTransport& transport, std::uint16_t sctp_port) {
  call.move(CallEvent::allocated);
  call.allocation.reset();
  call.sid = random_token(16);  // known before it is sent: the answer may overtake the acknowledgement
  call.changes.take();
  OfferParts parts{.sid = call.sid,
                   .initiator = conference_.focus,
                   .media = offered_media(*call.features, settings_.offer),
                   .data = call.features->data,
                   .sctp_port = sctp_port,
                   .transport = transport};
  parts.bridge_session.id = session_->id();
  parts.bridge_session.region = bridges_.region_of(session_->bridge());
  parts.sources = seen_through(call.view, sources_.all_but(call.caller.id.expose()));
  parts.json_sources = call.json_sources;
  if (!std::exchange(call.invited_before, true)) {
    const auto invited = static_cast<std::size_t>(
        std::ranges::count_if(calls_, [](const auto& entry) { return entry.second.invited_before; }));
    parts.start_audio_muted = start_muted.audio || invited > start_muted.audio_from;
    parts.start_video_muted = start_muted.video || invited > start_muted.video_from;
  }
  counters_.jingle_sent.add();
  port_.send(call.caller.id, make_offer(parts));
}

void Calls::on_jingle_answer(const EndpointId& client, const std::string& sid, jingle::Action action,
                             const xmpp::StanzaError& error) {
  Call* const call = find(client);
  // Silence is no refusal: the session is pending still (checklist 111).
  if (!call || action != jingle::Action::session_initiate || call->sid != sid || !call->has_session() ||
      error.origin != xmpp::StanzaError::Origin::peer)
    return;
  call->given_up = true;
  terminate(*call, "general-error", "jingle session failed");
  end_and_expire(*call, TellOthers::yes);
}

// Endings

void Calls::terminate(Call& call, const char* condition, const char* text) {
  if (!call.has_session()) return;
  jingle::Jingle message{.action = jingle::Action::session_terminate, .sid = call.sid};
  message.reason = {.condition = condition, .text = text};
  counters_.jingle_sent.add();
  port_.send(call.caller.id, message);
}

// Back to idle. The sources go with the call: the client brings them again when it accepts the next one.
void Calls::end(Call& call, TellOthers tell) {
  if (!call.move(CallEvent::ended)) return;
  call.allocation.reset();
  call.ice_restart.reset();
  call.ice_generation = 0;
  call.changes.take();
  if (!call.sid.empty()) call.ended_sid = std::exchange(call.sid, {});
  const std::string& owner = call.caller.id.expose();
  const jingle::OwnedSources had = sources_.of(owner);
  sources_.remove_owner(owner);
  if (tell == TellOthers::yes) tell_others(call.caller.id, jingle::Action::source_remove, had);
}

void Calls::end_and_expire(Call& call, TellOthers tell) {
  const bool on_bridge = call.allocation.has_value() || call.has_session();
  end(call, tell);
  if (!on_bridge || !session_) return;
  const auto request = session_->expire(call.caller.id);
  ask_bridge(request, Pending::Kind::expire, call.caller.id);
  if (session_->holds_nobody()) {
    session_.reset();
    sources_.set_feedback({});
    on_bridge_state_();
  }
}

void Calls::reinvite(Call& call, TellOthers tell) {
  end_and_expire(call, tell);
  invite_idle();
}

// The bridge

void Calls::leave_bridge() {
  if (!session_) return;
  counters_.bridges_removed.add();
  for (auto& [id, call] : calls_) {
    if (call.state == CallState::idle || call.state == CallState::discovering) continue;
    counters_.participants_moved.add();
    terminate(call, "success", "moving");
    end(call, TellOthers::no);  // nobody is left to be told
  }
  drop_session();
  invite_idle();
}

void Calls::drop_session() {
  if (!session_) return;
  // In case it still listens: another conference under the same id would be refused.
  ask_bridge(session_->expire_all(), Pending::Kind::expire, {});
  session_.reset();
  sources_.set_feedback({});
  on_bridge_state_();
}

void Calls::set_no_bridge(bool none) {
  if (none) counters_.no_bridge.add();
  if (std::exchange(no_bridge_, none) != none) on_bridge_state_();
}

void Calls::ask_bridge(const colibri2::ConferenceModify& modify, Pending::Kind kind, const EndpointId& of) {
  pending_.emplace(++last_request_, Pending{kind, of, session_->id()});
  port_.modify(session_->bridge(), modify, last_request_);
}

void Calls::on_bridge_answer(RequestId request, const BridgeAnswer& answer) {
  const auto found = pending_.find(request);
  if (found == pending_.end()) return;
  const Pending of = std::move(found->second);
  pending_.erase(found);
  // Of an earlier session, or nothing that could go wrong any more (checklist 152).
  if (!session_ || of.session != session_->id() || of.kind == Pending::Kind::expire) return;
  if (!answer) return on_bridge_failure(of, answer.error());
  Call* const call = find(of.endpoint);
  if (call && call->allocation == request) return on_allocated(*call, *answer);
  if (call && call->ice_restart == request) on_ice_restarted(*call, *answer);
}

void Calls::on_bridge_failure(const Pending& of, const xmpp::StanzaError& error) {
  const bool allocation = of.kind == Pending::Kind::allocate;
  const BridgeFailure failure = allocation ? allocation_failure(error) : update_failure(error);
  if (failure.mark == BridgeMark::failed) bridges_.mark_failed(session_->bridge());
  if (failure.mark == BridgeMark::graceful) bridges_.mark_graceful(session_->bridge());
  switch (failure.consequence) {
    case Consequence::ignore: return;
    case Consequence::leave_bridge: return leave_bridge();
    case Consequence::give_up:
      if (Call* const call = find(of.endpoint); call && call->state == CallState::allocating) {
        call->given_up = true;
        end_and_expire(*call, TellOthers::no);
      }
      return;
    case Consequence::reinvite_endpoint:
      if (Call* const call = find(*error.colibri->endpoint); call && call->has_session()) {
        counters_.participants_moved.add();
        terminate(*call, "success", "moving");
        reinvite(*call, TellOthers::yes);
      }
      return;
  }
}

void Calls::on_bridge_available() {
  if (!session_)
    for (auto& [id, call] : calls_) call.given_up = false;
  invite_idle();
}

void Calls::on_bridge_lost(const xmpp::Jid& bridge) {
  if (session_ && session_->bridge() == bridge) leave_bridge();
}

// Sources

void Calls::tell_others(const EndpointId& owner, jingle::Action action, const jingle::OwnedSources& sources) {
  if (empty(sources)) return;
  const bool added = action == jingle::Action::source_add;
  for (auto& [id, call] : calls_) {
    if (id == owner || !call.has_session()) continue;
    const SourceMap seen = seen_through(call.view, {
                                                       {owner.expose(), sources}
    });
    if (seen.empty()) continue;
    if (call.state == CallState::active)
      tell(call, action, seen);
    else if (added)
      call.changes.add(owner.expose(), seen.begin()->second);
    else
      call.changes.remove(owner.expose(), seen.begin()->second);
  }
}

void Calls::tell(Call& call, jingle::Action action, const SourceMap& sources) {
  if (sources.empty()) return;
  counters_.jingle_sent.add();
  port_.send(call.caller.id, make_source_change(action, call.sid, sources, call.json_sources));
}

// Time

std::optional<TimePoint> Calls::next_wakeup() const {
  std::optional<TimePoint> next;
  for (const auto& [id, call] : calls_) next = earlier(next, call.retry_at);
  return next;
}

void Calls::on_wakeup() {
  const TimePoint now = clock_.now();
  for (auto& [id, call] : calls_)
    if (call.retry_at && *call.retry_at <= now) call.retry_at.reset();
  invite_idle();
}

}  // namespace cloister::focus::room
