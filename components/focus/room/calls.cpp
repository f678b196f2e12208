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
      sources_({.sources = settings.max_sources, .groups = settings.max_source_groups}),
      relays_(conference, static_cast<Relays::Port&>(*this)) {}

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

void Calls::expire_all() {
  for (auto& [id, call] : calls_) {
    terminate(call, "expired", "Idle session timeout");
    end(call, TellOthers::no);
  }
  while (!sessions_.empty()) drop_session(*sessions_.back());
}

void Calls::stop() {
  inviting_ = false;
  for (auto& [id, call] : calls_) end(call, TellOthers::no);
  while (!sessions_.empty()) drop_session(*sessions_.back());
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
  BridgeSession* const session = ensure_bridge(call);
  if (!session) return;
  call.session = session->id();
  call.move(CallEvent::features_known);
  const Features& features = *call.features;
  call.view = {.audio = features.audio,
               .video = features.video,
               .ssrc_rewriting = features.ssrc_rewriting && settings_.ssrc_rewriting,
               .strip_simulcast = settings_.strip_simulcast};
  call.json_sources = features.json_sources && settings_.json_sources;
  const auto request = session->allocate({.endpoint = call.caller.id,
                                          .stats_id = call.caller.stats_id,
                                          .media = offered_media(features, settings_.offer),
                                          .data = features.data,
                                          .ssrc_rewriting = call.view.ssrc_rewriting,
                                          .force_mute = force_mutes_[call.caller.id]});
  bridges_.on_endpoint_added(session->bridge());
  ask_bridge(*session, request, Pending::Kind::allocate, call.caller.id);
  call.allocation = last_request_;
  join_bridges(*session, call.caller.id);
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
  parts.bridge_session.id = call.session;
  parts.bridge_session.region = bridges_.region_of(find_session(call.session)->bridge());
  parts.sources = seen_through(call.view, sources_.all(), call.caller.id.expose());
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
  call.session.clear();
  call.changes.take();
  if (!call.sid.empty()) call.ended_sid = std::exchange(call.sid, {});
  const std::string& owner = call.caller.id.expose();
  const jingle::OwnedSources had = sources_.of(owner);
  sources_.remove_owner(owner);
  if (tell == TellOthers::yes) tell_others(call.caller.id, jingle::Action::source_remove, had);
}

void Calls::end_and_expire(Call& call, TellOthers tell) {
  const bool on_bridge = call.allocation.has_value() || call.has_session();
  BridgeSession* const session = find_session(call.session);
  end(call, tell);
  if (!on_bridge || !session) return;
  const auto request = session->expire(call.caller.id);
  ask_bridge(*session, request, Pending::Kind::expire, call.caller.id);
  relays_.expire(session->relay_id(), call.caller.id);
  if (session->holds_nobody()) forget_session(*session);
}

void Calls::reinvite(Call& call, TellOthers tell) {
  end_and_expire(call, tell);
  invite_idle();
}

void Calls::reinvite_moved(Call& call) {
  terminate(call, "success", "moving");
  reinvite(call, TellOthers::yes);
}

// Sources

void Calls::tell_others(const EndpointId& owner, jingle::Action action, const jingle::OwnedSources& sources) {
  if (empty(sources)) return;
  const bool added = action == jingle::Action::source_add;
  const SourceMap all{
      {owner.expose(), sources}
  };
  for (auto& [id, call] : calls_) {
    if (id == owner || !call.has_session() || call.view.ssrc_rewriting) continue;
    const SourceMap seen = seen_through(call.view, all);
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
